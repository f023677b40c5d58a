import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toReversePolish } from '../../src/tasks/domains/code';
import { runProgram } from '../../src/tasks/program';
import { TOKEN_NAMES, tokenize } from '../../src/tasks/vocabulary';

/** Infix value by JavaScript's own parser: an independent judge of precedence and groups. */
function evaluate(infix: string, x: number, y: number, z: number, modulus: number): number {
  const text = infix.replace(/\| (\S+) (\S) (\S+)/g, '($1 $2 $3)');
  const value = new Function('x', 'y', 'z', `return ${text};`)(x, y, z) as number;
  return ((value % modulus) + modulus) % modulus;
}

const operand = fc.constantFrom('x', 'y', 'z', '0', '1', '2', '3', '4');
const operator = fc.constantFrom('+', '-', '*');
const infix = fc
  .tuple(fc.array(fc.tuple(operand, operator), { minLength: 1, maxLength: 3 }), operand, fc.integer({ min: -1, max: 2 }))
  .map(([pairs, last, group]) => {
    const words: string[] = [...pairs.flat(), last];
    if (group >= 0 && group < pairs.length) words.splice(2 * group, 0, '|');
    return words.join(' ');
  });
const input = fc.integer({ min: 0, max: 9 });

test('reverse Polish notation on the stack machine equals the infix expression', () => {
  fc.assert(
    fc.property(infix, input, input, input, fc.integer({ min: 3, max: 10 }), (text, x, y, z, modulus) => {
      const [a, b, c] = [x % modulus, y % modulus, z % modulus];
      const program = toReversePolish(tokenize(text));
      expect(runProgram(program, { x: a, y: b, z: c }, modulus).value).toBe(evaluate(text, a, b, c, modulus));
    }),
    { numRuns: 500 },
  );
});

test('the notation keeps the order of equal precedence', () => {
  const show = (text: string) =>
    toReversePolish(tokenize(text))
      .map((t) => TOKEN_NAMES[t])
      .join(' ');
  expect(show('x - y - z')).toBe('x y - z -');
  expect(show('x - | y - z')).toBe('x y z - -');
  expect(show('x + y * z')).toBe('x y z * +');
  expect(show('| x + y * z')).toBe('x y + z *');
});
