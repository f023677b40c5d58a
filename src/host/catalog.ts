import type { Config } from '../config/schema';
import { DOMAINS } from '../tasks/registry';
import { TOKEN_NAMES } from '../tasks/vocabulary';
import { makeWorld } from '../tasks/world';

/** What the page says about a domain. */
export interface DomainInfo {
  id: string;
  label: string;
  /** Benchmark columns; `chance`: score of a guess that knows only the response's form. */
  columns: { id: string; label: string; chance: number }[];
}

/** The domains in registry order: the indices of `PoolPicture.domain`. */
export function catalog(tasks: Config['tasks']): DomainInfo[] {
  const world = makeWorld(tasks);
  return DOMAINS.map(({ id, label, columns }) => ({
    id,
    label,
    columns: columns.map((c) => ({ id: c.id, label: c.label, chance: c.chance(world) })),
  }));
}

/** Ids of the domains, in registry order. */
export const domainIds: readonly string[] = DOMAINS.map((d) => d.id);

/** Text of each token. */
export const vocabulary: readonly string[] = TOKEN_NAMES;
