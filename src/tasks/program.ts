import { digitOf, TOKEN, TOKEN_NAMES } from './vocabulary';
import { operate } from './world';

/** What a program gave: its value, or why it gave none. */
export type ProgramResult = { value: number; fault?: undefined } | { value?: undefined; fault: string };

/**
 * Runs a program in reverse Polish notation (tokens without `eos`) on a stack machine modulo `modulus`: digits and x y z push,
 * `+ - *` take two values; exactly one value must remain.
 */
export function runProgram(
  program: ArrayLike<number>,
  input: { x: number; y: number; z: number },
  modulus: number,
): ProgramResult {
  const stack: number[] = [];
  for (let i = 0; i < program.length; i++) {
    const t = program[i];
    if (t >= TOKEN.digit0 && t < TOKEN.digit0 + 10) stack.push(digitOf(t) % modulus);
    else if (t === TOKEN.x) stack.push(input.x);
    else if (t === TOKEN.y) stack.push(input.y);
    else if (t === TOKEN.z) stack.push(input.z);
    else if (t === TOKEN.plus || t === TOKEN.minus || t === TOKEN.times) {
      if (stack.length < 2) return { fault: `${TOKEN_NAMES[t]} at position ${i + 1} finds fewer than two values` };
      const b = stack.pop() as number;
      const a = stack.pop() as number;
      stack.push(operate(t, a, b, modulus));
    } else return { fault: `${TOKEN_NAMES[t] ?? t} at position ${i + 1} is no instruction` };
  }
  if (stack.length !== 1) return { fault: `the program leaves ${stack.length} values, expected 1` };
  return { value: stack[0] };
}
