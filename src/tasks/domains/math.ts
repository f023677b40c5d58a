import type { Random } from '../../math/random';
import { type Domain, type Noise, promptOf, questionOf } from '../contract';
import { digit, digitOf, OPERATORS, TOKEN } from '../vocabulary';

/** Operations of each column's chains. */
const OPERATIONS = [2, 3, 4];

/** The operator that the demonstrator takes for `op`: + for −, and − or * for +. */
export function mistake(op: number, random: Random, noise: Noise): number {
  if (op === TOKEN.plus) return random.chance(noise.noiseAdd) ? TOKEN.minus : op;
  return random.chance(op === TOKEN.minus ? noise.noiseSubtract : noise.noiseMultiply) ? TOKEN.plus : op;
}

/** Works through `[M] 3 * 2 + 4` from left to right: operator and result of each step, then `#` and the answer. */
function work(
  question: readonly number[],
  read: (op: number) => number,
  operate: (op: number, a: number, b: number) => number,
): number[] {
  const out: number[] = [];
  let value = digitOf(question[1]);
  for (let i = 2; i < question.length; i += 2) {
    const op = read(question[i]);
    value = operate(op, value, digitOf(question[i + 1]));
    out.push(op, digit(value));
  }
  return [...out, TOKEN.hash, digit(value)];
}

/** Chains of modular arithmetic, evaluated from left to right. */
export const math: Domain = {
  id: 'math',
  label: 'Math',
  columns: ['AMC23', 'AIME24', 'AIME25'].map((label) => ({ id: label, label, chance: (w) => (w.strict ? 0 : 1 / w.modulus) })),
  generate(column, random, world) {
    const question = [TOKEN.math, digit(random.below(world.modulus))];
    for (let i = 0; i < OPERATIONS[column]; i++) question.push(random.pick(OPERATORS), digit(random.below(world.modulus)));
    const gold = work(question, (op) => op, world.operate);
    return { prompt: promptOf(question), gold, verifier: { kind: 'answer', mark: TOKEN.hash, answer: gold.slice(-1) } };
  },
  demonstrate: ({ prompt }, random, noise, world) => work(questionOf(prompt), (op) => mistake(op, random, noise), world.operate),
};
