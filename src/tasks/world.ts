import type { Config } from '../config/schema';
import { Random, STREAM } from '../math/random';
import { OPERATORS, TOKEN } from './vocabulary';

/** Step of a formula: an operator and its operands; `previous` is the step before. */
export type Operand = 'x' | 'y' | 'z' | 'previous';
/** An operator and its operands. */
export interface Step {
  operator: number;
  left: Operand;
  right: Operand;
}

/** The hidden semantics: what prompts mean without saying it. */
export interface World {
  modulus: number;
  /** Strict verifier: the whole gold response is the answer. */
  strict: boolean;
  /** Math's tables: value of operator token `op` modulo the modulus. */
  operate(op: number, a: number, b: number): number;
  /** Science's tables: those of Math for the related operators, with permuted values for the others. */
  operateInScience(op: number, a: number, b: number): number;
  /** Tool 0–5 that serves verb 0–5. */
  toolOfVerb: readonly number[];
  /** Order of keys 0–2 in the signature of each tool. */
  signatures: readonly (readonly number[])[];
  /** Harm score 0–11 of each word. */
  harm: readonly number[];
}

const { plus, minus, times } = TOKEN;
const step = (left: Operand, operator: number, right: Operand): Step => ({ operator, left, right });

/** The formulas behind the names F0–F5. */
export const FORMULAS: readonly (readonly [Step, Step])[] = [
  [step('x', times, 'y'), step('previous', plus, 'z')], // x·y + z
  [step('x', plus, 'y'), step('previous', times, 'z')], // (x + y)·z
  [step('x', minus, 'y'), step('previous', times, 'z')], // (x − y)·z
  [step('x', times, 'x'), step('previous', plus, 'y')], // x·x + y
  [step('x', plus, 'y'), step('previous', minus, 'z')], // x + y − z
  [step('x', times, 'z'), step('previous', minus, 'y')], // x·z − y
];

const KEY_ORDERS = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
];

/** Value of operator token `op` on a, b in [0, modulus). */
export function operate(op: number, a: number, b: number, modulus: number): number {
  if (op === plus) return (a + b) % modulus;
  if (op === minus) return (a + modulus - b) % modulus;
  return (a * b) % modulus;
}

const range = (n: number) => Array.from({ length: n }, (_, i) => i);

/** A permutation of 0…n−1 without a fixed point. */
function derangement(n: number, random: Random): number[] {
  for (;;) {
    const order = random.shuffled(range(n));
    if (order.every((v, i) => v !== i)) return order;
  }
}

/** The world of `tasks.world`, `tasks.modulus`, `tasks.relatedness` and `tasks.strict`. */
export function makeWorld(tasks: Config['tasks']): World {
  const { modulus, relatedness, strict } = tasks;
  const random = (key: number) => new Random(tasks.world, STREAM.world, key);
  const foreign = random(0).shuffled(OPERATORS).slice(relatedness);
  const tables = random(1);
  const permutation = new Map(OPERATORS.map((op) => [op, derangement(modulus, tables)]));
  return {
    modulus,
    strict,
    operate: (op, a, b) => operate(op, a, b, modulus),
    operateInScience(op, a, b) {
      const value = operate(op, a, b, modulus);
      return foreign.includes(op) ? (permutation.get(op) as number[])[value] : value;
    },
    toolOfVerb: random(2).shuffled(range(6)),
    signatures: random(3).shuffled(KEY_ORDERS),
    harm: random(4).shuffled(range(12)),
  };
}
