import { runProgram } from './program';
import { RECORD, VERIFIER_PROGRAM } from './record';
import { RESPONSE_LENGTH, show, TOKEN, TOKEN_NAMES } from './vocabulary';

/** A verdict and its reason in words. */
export interface Verdict {
  correct: boolean;
  reason: string;
}

const TESTS = 3;

/**
 * Judges a response by a bank record (RECORD_SIZE words). `response` may end with `eos`; what follows it is ignored, and so is
 * what follows the first `length` tokens.
 */
export function judge(record: ArrayLike<number>, response: ArrayLike<number>, length = RESPONSE_LENGTH): Verdict {
  const all = Array.from(response).slice(0, length);
  const end = all.indexOf(TOKEN.eos);
  const body = end < 0 ? all : all.slice(0, end);
  return record[RECORD.verifier] === VERIFIER_PROGRAM ? judgeProgram(record, body) : judgeAnswer(record, body);
}

/** Whether the verifier accepts a response (see `judge`). */
export const verify = (record: ArrayLike<number>, response: ArrayLike<number>, length = RESPONSE_LENGTH): boolean =>
  judge(record, response, length).correct;

/** Why: `answer 3, expected 4`, `program gives 2 on x=1 y=2 z=3, expected 4`, `no # in the response` (see `judge`). */
export const explain = (record: ArrayLike<number>, response: ArrayLike<number>, length = RESPONSE_LENGTH): string =>
  judge(record, response, length).reason;

const wrong = (reason: string): Verdict => ({ correct: false, reason });
const words = (tokens: readonly number[]) => show(tokens) || 'nothing';

function judgeAnswer(record: ArrayLike<number>, body: readonly number[]): Verdict {
  const mark = record[RECORD.mark];
  const wanted = Array.from({ length: record[RECORD.answerLength] }, (_, i) => record[RECORD.answer + i]);
  const marks = mark === 0 ? 0 : body.filter((t) => t === mark).length;
  if (mark !== 0 && marks === 0) return wrong(`no ${TOKEN_NAMES[mark]} in the response`);
  if (marks > 1) return wrong(`${marks} times ${TOKEN_NAMES[mark]} in the response, expected once`);
  const answer = mark === 0 ? body : body.slice(body.indexOf(mark) + 1);
  const what = mark === 0 ? 'response' : 'answer';
  const same = answer.length === wanted.length && answer.every((t, i) => t === wanted[i]);
  return same
    ? { correct: true, reason: `${what} ${words(answer)}` }
    : wrong(`${what} ${words(answer)}, expected ${words(wanted)}`);
}

function judgeProgram(record: ArrayLike<number>, body: readonly number[]): Verdict {
  for (let test = 0; test < TESTS; test++) {
    const [x, y, z, result] = [0, 1, 2, 3].map((i) => record[RECORD.answer + 4 * test + i]);
    const { value, fault } = runProgram(body, { x, y, z }, record[RECORD.modulus]);
    if (fault !== undefined) return wrong(fault);
    if (value !== result) return wrong(`program gives ${value} on x=${x} y=${y} z=${z}, expected ${result}`);
  }
  return { correct: true, reason: `program passes ${TESTS} tests` };
}
