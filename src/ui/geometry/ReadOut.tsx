import { memo } from 'react';
import { DomainMark } from '../DomainMark';
import { useLab } from '../useLab';
import { rolloutWords } from './describe';
import type { Picture } from './filmMaps';
import type { FrameNames } from './source';

interface Props {
  picture: Picture;
  names: FrameNames;
  row: number | null;
}

/** The rollout under the pointer, else the selected one, in a line. */
export const ReadOut = memo(function ReadOut({ picture: { frame }, names, row }: Props) {
  const vocabulary = useLab((s) => s.vocabulary);
  if (row === null || row >= frame.n)
    return <p className="geo-read quiet">Point at a rollout to read it; press it to see what pulls and pushes it.</p>;
  const { domain, column, verdict, prompt, response, advantage } = rolloutWords(frame, row, names, vocabulary);
  return (
    <p className="geo-read">
      <DomainMark domain={names.marks[frame.domain[row]]} open={verdict === 'wrong'} /> <b>{verdict}</b>{' '}
      <span className="quiet">{column === domain ? domain : `${domain}, ${column}`}</span>{' '}
      <span className="code">
        {prompt} → {response}
      </span>
      {advantage && <span className="quiet"> advantage {advantage}</span>}
    </p>
  );
});
