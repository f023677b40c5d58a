import { setHighlight } from '../../store/look';
import type { Frame } from '../../store/state';
import type { FrameNames } from './source';

/** What all lists of rollouts need. */
export interface Shared {
  frame: Frame;
  names: FrameNames;
  choose(row: number | null): void;
}

/** Points at a rollout, for as long as the pointer or the focus is on its row. */
export const pointing = ({ frame, names }: Shared, row: number) => {
  const on = () => setHighlight({ rollout: row, prompt: frame.prompt[row], domain: names.marks[frame.domain[row]] });
  const off = () => setHighlight({});
  return { onPointerEnter: on, onPointerLeave: off, onFocus: on, onBlur: off };
};
