import type { Random } from '../../math/random';
import { type Domain, promptOf, questionOf } from '../contract';
import { runProgram } from '../program';
import { digit, OPERATORS, TOKEN } from '../vocabulary';

/** Operators of each column's expressions. */
const SIZE = [2, 3];
const VARIABLES = [TOKEN.x, TOKEN.y, TOKEN.z];
const VARIABLE_CHANCE = 0.7;
const GROUP_CHANCE = 0.5;
/** Share kept of the instances that a program ignoring precedence and groups also solves: most must need the skill. */
const EASY_CHANCE = 0.25;

/** An infix expression: `| a + b` groups the two operands that follow the bar. */
function expression(operators: number, random: Random, modulus: number): number[] {
  const group = random.chance(GROUP_CHANCE) ? random.below(operators) : -1;
  const out: number[] = [];
  for (let i = 0; i <= operators; i++) {
    if (i === group) out.push(TOKEN.bar);
    out.push(random.chance(VARIABLE_CHANCE) ? random.pick(VARIABLES) : digit(random.below(modulus)));
    if (i < operators) out.push(random.pick(OPERATORS));
  }
  return out;
}

/** Reverse Polish notation of an infix expression: `*` binds tighter than `+ -`, a group tighter than both; from left to right. */
export function toReversePolish(infix: readonly number[]): number[] {
  let at = 0;
  const factor = (): number[] => {
    if (infix[at] !== TOKEN.bar) return [infix[at++]];
    const [, left, op, right] = infix.slice(at, at + 4);
    at += 4;
    return [left, right, op];
  };
  const term = (): number[] => {
    let out = factor();
    while (infix[at] === TOKEN.times) {
      at++;
      out = [...out, ...factor(), TOKEN.times];
    }
    return out;
  };
  let out = term();
  while (at < infix.length) {
    const op = infix[at++];
    out = [...out, ...term(), op];
  }
  return out;
}

/** The wrong strategy that ignores precedence and groups: each operator right after its second operand. */
function leftToRight(infix: readonly number[]): number[] {
  const [first, ...rest] = infix.filter((t) => t !== TOKEN.bar);
  return [first, ...rest.map((_, i) => rest[i % 2 === 0 ? i + 1 : i - 1])];
}

/** The same three random inputs for every program of one instance. */
const drawInputs = (random: Random, modulus: number) =>
  [0, 1, 2].map(() => ({ x: random.below(modulus), y: random.below(modulus), z: random.below(modulus) }));

/** Rewriting an expression as a stack program; the verifier runs it. */
export const code: Domain = {
  id: 'code',
  label: 'Code',
  columns: ['LCBv5', 'LCBv6'].map((label) => ({ id: label, label, chance: () => 0 })),
  generate(column, random, { modulus }) {
    for (;;) {
      const infix = expression(SIZE[column], random, modulus);
      const gold = toReversePolish(infix);
      const inputs = drawInputs(random, modulus);
      const results = (program: number[]) => inputs.map((input) => runProgram(program, input, modulus).value as number);
      const wanted = results(gold);
      // Equal results everywhere would let a constant pass.
      if (wanted.every((r) => r === wanted[0])) continue;
      if (results(leftToRight(infix)).join() === wanted.join() && !random.chance(EASY_CHANCE)) continue;
      const [a, b, c] = inputs.map((input, i) => ({ ...input, result: wanted[i] }));
      const tests = [a, b, c] as const;
      return { prompt: promptOf([TOKEN.code, ...infix]), gold, verifier: { kind: 'program', tests } };
    }
  },
  demonstrate({ prompt }, random, noise) {
    const infix = questionOf(prompt).slice(1);
    const draw = random.unit();
    if (draw < noise.noiseInfix) return infix;
    return draw < noise.noiseInfix + noise.noisePrecedence ? leftToRight(infix) : toReversePolish(infix);
  },
};
