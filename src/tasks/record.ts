import type { Instance } from './contract';
import { PROMPT_LENGTH, RESPONSE_LENGTH, show, TOKEN, VOCABULARY_SIZE } from './vocabulary';
import type { World } from './world';

/** Positions within a bank record (ARCHITECTURE.md, "Bank records"). */
export const RECORD = {
  prompt: 0,
  domain: 16,
  /** Column over all domains. */
  column: 17,
  /** 0 answer match, 1 program. */
  verifier: 18,
  mark: 19,
  answerLength: 20,
  answer: 21,
  modulus: 33,
} as const;
/** u32 words of a record. */
export const RECORD_SIZE = 36;
/** Verifier word of program records; answer matches have 0. */
export const VERIFIER_PROGRAM = 1;

const constant = (name: string) => name.replace(/([A-Z])/g, '_$1').toUpperCase();

/** WGSL constants `RECORD_ANSWER_LENGTH`, …, `RECORD_SIZE`, `VERIFIER_PROGRAM`. */
export const recordWgsl: string = [
  ...Object.entries(RECORD).map(([name, at]) => `const RECORD_${constant(name)}: u32 = ${at}u;`),
  `const RECORD_SIZE: u32 = ${RECORD_SIZE}u;`,
  `const VERIFIER_PROGRAM: u32 = ${VERIFIER_PROGRAM}u;`,
].join('\n');

/**
 * Checks an instance's sizes.
 * @throws Error naming prompt, length and bound: what a new domain got wrong.
 */
function check({ prompt, gold, verifier }: Instance): void {
  const fail = (what: string): never => {
    throw new Error(`invalid instance \`${show(prompt)}\`: ${what}`);
  };
  if (prompt.length !== PROMPT_LENGTH) fail(`the prompt has ${prompt.length} tokens (${PROMPT_LENGTH})`);
  if (gold.length >= RESPONSE_LENGTH) fail(`the gold response has ${gold.length} tokens (at most ${RESPONSE_LENGTH - 1})`);
  const answer = verifier.kind === 'answer' ? verifier.answer : [];
  if (answer.length >= RESPONSE_LENGTH) fail(`the answer has ${answer.length} tokens (at most ${RESPONSE_LENGTH - 1})`);
  for (const t of [...prompt, ...gold, ...answer])
    if (!Number.isInteger(t) || t < 0 || t >= VOCABULARY_SIZE) fail(`token ${t} (0 to ${VOCABULARY_SIZE - 1})`);
  if (gold.includes(TOKEN.eos)) fail('the gold response holds an eos, which the bank adds itself');
}

/**
 * One instance as a record of RECORD_SIZE words. With a strict world, answer matches ask for the whole gold response.
 * @throws Error when the instance does not fit.
 */
export function packRecord(instance: Instance, domain: number, column: number, world: World): Uint32Array {
  check(instance);
  const { prompt, gold, verifier } = instance;
  const out = new Uint32Array(RECORD_SIZE);
  out.set(prompt, RECORD.prompt);
  out[RECORD.domain] = domain;
  out[RECORD.column] = column;
  out[RECORD.modulus] = world.modulus;
  if (verifier.kind === 'program') {
    out[RECORD.verifier] = VERIFIER_PROGRAM;
    out.set(
      verifier.tests.flatMap(({ x, y, z, result }) => [x, y, z, result]),
      RECORD.answer,
    );
  } else {
    const answer = world.strict ? gold : verifier.answer;
    out[RECORD.mark] = world.strict ? 0 : (verifier.mark ?? 0);
    out[RECORD.answerLength] = answer.length;
    out.set(answer, RECORD.answer);
  }
  return out;
}
