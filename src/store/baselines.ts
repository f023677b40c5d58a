import { differences, resolve } from '../config/resolve';
import type { Config } from '../config/schema';
import { type Baselines, readBaselines } from '../host/baselines';
import { parseMix } from '../host/mix';
import { readShipped } from './engine';

export type { Baselines, DomainBaseline } from '../host/baselines';

const known = new Map<string, Promise<Baselines | null>>();

/** What the domains reach when each is trained alone at a size; null when that is not shipped. @throws Error when the file is faulty */
export function baselinesOf(size: string): Promise<Baselines | null> {
  let found = known.get(size);
  if (!found) {
    found = readBaselines(size, readShipped);
    known.set(size, found);
    // Another look may find it.
    found.catch(() => known.delete(size));
  }
  return found;
}

/** Share of each domain in a batch as configured, in the order of the domains. */
export const domainShares = ({ tasks }: Config): number[] => parseMix(tasks.mix);

/** Fields that make another policy or other tasks. */
const ELSEWHERE = /^(policy|tasks|warmStart)\.(?!mix$)/;

/** Fields of policy, tasks and warm start in which a run differs from the baselines: they make the two no fair comparison. */
export const unlikeBaselines = (config: Config, { presets }: Pick<Baselines, 'presets'>) =>
  differences(config, resolve(presets)).filter((d) => ELSEWHERE.test(d.path));
