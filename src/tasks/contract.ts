import type { Config } from '../config/schema';
import type { Random } from '../math/random';
import { PROMPT_LENGTH, TOKEN } from './vocabulary';
import type { World } from './world';

/** Noise rates of the demonstrator. */
export type Noise = Config['warmStart'];

/** One program test: inputs and the wanted result, all modulo the world's modulus. */
export interface ProgramTest {
  x: number;
  y: number;
  z: number;
  result: number;
}

/** How a response is judged. */
export type Verifier =
  /** The tokens after the only `mark` equal `answer`; without a mark the whole response does. */
  | { kind: 'answer'; mark: number | null; answer: readonly number[] }
  /** The response is a program in reverse Polish notation that passes all three tests. */
  | { kind: 'program'; tests: readonly [ProgramTest, ProgramTest, ProgramTest] };

/** One exercise. */
export interface Instance {
  /** PROMPT_LENGTH tokens (`promptOf`). */
  prompt: readonly number[];
  /** A correct response without `eos`: at most RESPONSE_LENGTH − 1 tokens. */
  gold: readonly number[];
  verifier: Verifier;
}

/** One benchmark column of a domain. */
export interface Column {
  id: string;
  label: string;
  /** Expected score of a guess that knows the response's form but nothing else. */
  chance(world: World): number;
}

/**
 * A domain of the toy world. To add one: write a file like those in `domains/`, add it to DOMAINS in `registry.ts`, and give it
 * a share in `tasks.mix`. No WGSL is needed: both verifiers run from the bank's records.
 */
export interface Domain {
  /** Key in `tasks.mix`. */
  id: string;
  label: string;
  columns: readonly Column[];
  /** Draws an instance of `columns[column]`; must not be degenerate (solvable by a constant, or without a single answer). */
  generate(column: number, random: Random, world: World): Instance;
  /** A response without `eos` by the noisy demonstrator: the right strategy mixed with systematic wrong ones. */
  demonstrate(instance: Instance, random: Random, noise: Noise, world: World): readonly number[];
}

/**
 * The tokens of a question, filled with `pad`, and the closing `?`.
 * @throws Error when there are more than PROMPT_LENGTH − 1 tokens.
 */
export function promptOf(question: readonly number[]): number[] {
  if (question.length >= PROMPT_LENGTH)
    throw new Error(`invalid question: ${question.length} tokens (at most ${PROMPT_LENGTH - 1})`);
  return [...question, ...Array(PROMPT_LENGTH - 1 - question.length).fill(TOKEN.pad), TOKEN.question];
}

/** Inverse of `promptOf`. */
export const questionOf = (prompt: readonly number[]): number[] => prompt.slice(0, -1).filter((t) => t !== TOKEN.pad);
