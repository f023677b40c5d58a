import { whole } from '../format';
import type { AdvantageChange } from './advantages';

/** `1 flip`, `2 flips`. */
export const times = (n: number, what: string) => `${whole(n)} ${what}${n === 1 ? '' : 's'}`;

/** How many advantages change, in a sentence. */
export function inWords({ rollouts, changed: moved, flips, turns, left }: AdvantageChange): string {
  if (moved === 0 && left === 0) return 'same advantages as the run.';
  const parts = [
    `${whole(moved)} of ${whole(rollouts - left)} advantages change`,
    flips ? `${times(flips, 'response')} ${flips === 1 ? 'goes' : 'go'} from one side to the other` : 'none changes its sign',
    ...(turns ? [`${whole(turns)} ${turns === 1 ? 'has' : 'have'} one in only one of the two`] : []),
    ...(left ? [`${times(left, 'response')} left out`] : []),
  ];
  return `${parts.join('; ')}.`;
}
