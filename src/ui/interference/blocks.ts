import type { BlockInterference, ModuleInterference } from '../../store/interference';
import type { OptionValue } from '../../store/view';
import type { Pair } from './pairs';

/** Kinds of modules, and all of them. */
export const KINDS: Record<OptionValue<'interference.block'>, string> = {
  all: 'Whole policy',
  embedding: 'Embedding',
  attention: 'Attention',
  mlp: 'MLP',
  recurrent: 'Recurrent',
  output: 'Output',
};

/** Kind of a block: `layers.1.attention` is `attention`. */
export const kindOf = (block: string): string => block.split('.').pop() ?? block;

/** A block in words: `layers.1.attention` is `Layer 2, attention`. */
export function blockName(block: string): string {
  const [, layer, kind] = /^layers\.(\d+)\.(\w+)$/.exec(block) ?? [];
  if (!layer) return block.charAt(0).toUpperCase() + block.slice(1);
  return `Layer ${Number(layer) + 1}, ${kind === 'mlp' ? 'MLP' : kind}`;
}

/** The pair of domains that conflict most; null where none do. */
export function worstPair({ cosine }: Pick<BlockInterference, 'cosine'>): { pair: Pair; cosine: number } | null {
  let found: { pair: Pair; cosine: number } | null = null;
  cosine.forEach((row, a) => {
    row.forEach((value, b) => {
      if (b > a && value !== null && value < (found?.cosine ?? 0)) found = { pair: [a, b], cosine: value };
    });
  });
  return found;
}

/** Conflicting pairs over a block's tensors, and pairs that have a gradient there. */
export function tensorConflicts(modules: readonly ModuleInterference[], block: string): { conflicts: number; pairs: number } {
  const own = modules.filter((m) => m.block === block);
  const pairs = own.reduce((sum, m) => sum + m.cosine.flatMap((row, a) => row.slice(a + 1)).filter((c) => c !== null).length, 0);
  return { conflicts: own.reduce((sum, m) => sum + m.conflicts, 0), pairs };
}
