import type { Frame } from '../../store/state';

/** A domain of a frame, and the rollouts of it that are most worth a look. */
export interface DomainStart {
  domain: number;
  rollouts: number;
  correct: number;
  /** Its correct and its wrong rollout with the largest advantage either way, as far as it has both. */
  rows: number[];
}

/** Where to begin in a pool: by domain; without advantages the first correct and the first wrong rollout. */
export function startsOf({ n, domain, reward, advantage }: Pick<Frame, 'n' | 'domain' | 'reward' | 'advantage'>): DomainStart[] {
  const found = new Map<number, { rollouts: number; correct: number; best: [number | null, number | null] }>();
  const weight = (row: number) => Math.abs(advantage?.[row] ?? 0);
  for (let row = 0; row < n; row++) {
    const own = found.get(domain[row]) ?? { rollouts: 0, correct: 0, best: [null, null] };
    const correct = reward[row] > 0.5;
    const place = correct ? 0 : 1;
    const best = own.best[place];
    own.rollouts++;
    own.correct += Number(correct);
    if (best === null || weight(row) > weight(best)) own.best[place] = row;
    found.set(domain[row], own);
  }
  return [...found]
    .sort(([a], [b]) => a - b)
    .map(([d, { rollouts, correct, best }]) => ({ domain: d, rollouts, correct, rows: best.filter((row) => row !== null) }));
}
