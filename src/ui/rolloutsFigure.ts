import type { Frame } from '../store/state';
import type { Figure } from './figure';
import { signed } from './format';
import { type FrameNames, responseText } from './geometry/source';
import { numberCell, type TableCell, type TablePicture, tableFigure } from './tableFigure';

/** A column beside the rollouts' own. */
export interface ExtraColumn {
  name: string;
  right?: boolean;
  /** By place in the list of rows. */
  cell(place: number): TableCell;
}

/** Rollouts of a frame as a table: task, prompt, response, verdict, and where there is one the advantage. `extra`: columns after these. */
export function rolloutsFigure(
  title: string,
  frame: Frame,
  rows: readonly number[],
  names: FrameNames,
  vocabulary: readonly string[],
  extra: readonly ExtraColumn[] = [],
): Figure {
  const { advantage } = frame;
  const columns: TablePicture['columns'] = [
    { text: 'Task' },
    { text: 'Prompt' },
    { text: 'Response' },
    { text: 'Verdict' },
    { text: 'Reason' },
    ...(advantage ? [{ text: 'Advantage', right: true }] : []),
    ...extra.map(({ name, right }) => ({ text: name, right: right ?? true })),
  ];
  return tableFigure(title, {
    columns,
    rows: rows.map((row, place): TableCell[] => {
      const correct = frame.reward[row] > 0.5;
      return [
        { text: names.columns[frame.column[row]] ?? '', domain: names.marks[frame.domain[row]], open: !correct },
        { text: frame.promptText[frame.prompt[row]] ?? '' },
        { text: responseText(frame, row, vocabulary) },
        { text: correct ? 'correct' : 'wrong', strong: true },
        { text: frame.reason[row] ?? '', quiet: true },
        ...(advantage ? [numberCell(advantage[row], (v) => signed(v, 2))] : []),
        ...extra.map(({ cell }) => cell(place)),
      ];
    }),
  });
}
