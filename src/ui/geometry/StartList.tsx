import { useMemo } from 'react';
import { DomainMark } from '../DomainMark';
import { signed, whole } from '../format';
import { Hint } from '../Hint';
import { useLab } from '../useLab';
import { RolloutName } from './RolloutName';
import { pointing, type Shared } from './shared';
import { startsOf } from './starts';
import './startList.css';

const HINT = 'Of each domain the correct and the wrong rollout with the largest advantage either way: training moves these most.';
const PLAIN = 'Of each domain a correct and a wrong rollout.';

/** What shows while no rollout is chosen: what to do, and some rollouts to begin with. */
export function StartList({ shared }: { shared: Shared }) {
  const { frame, names } = shared;
  const lit = useLab((s) => s.highlight.rollout);
  const starts = useMemo(() => startsOf(frame), [frame]);
  return (
    <div className="geo-scroll geo-start">
      <p>
        {frame.source === 'heldOut'
          ? 'Press a rollout in the map, or one of these: the rollouts nearest to it in the embedding show here.'
          : 'Press a rollout in the map, or one of these: its positives, its negatives, and how strongly each moves it show here.'}
      </p>
      <h3>
        <Hint text={frame.advantage ? HINT : PLAIN}>Rollouts to begin with</Hint>
      </h3>
      <table className="geo-table" aria-label="Rollouts to begin with">
        <thead>
          <tr>
            <th scope="col">Response</th>
            <th scope="col">Prompt</th>
            {frame.advantage && (
              <th scope="col" className="right">
                Advantage
              </th>
            )}
          </tr>
        </thead>
        {starts.map(({ domain, rollouts, correct, rows }) => (
          <tbody key={domain}>
            <tr className="title">
              <th scope="rowgroup" colSpan={frame.advantage ? 3 : 2}>
                <DomainMark domain={names.marks[domain]} /> {names.domains[domain]}{' '}
                <span className="of">
                  {whole(correct)} of {whole(rollouts)} correct
                </span>
              </th>
            </tr>
            {rows.map((row) => (
              <tr key={row} className={lit === row ? 'lit' : ''} {...pointing(shared, row)}>
                <th scope="row">
                  <RolloutName shared={shared} row={row} />
                </th>
                <td className="code" title={frame.promptText[frame.prompt[row]]}>
                  {frame.promptText[frame.prompt[row]]}
                </td>
                {frame.advantage && <td className="right">{signed(frame.advantage[row], 2)}</td>}
              </tr>
            ))}
          </tbody>
        ))}
      </table>
      {frame.source !== 'heldOut' && (
        <p className="of">
          In the map, solid arrows then pull the chosen rollout and dashed ones push it. Any positive can be left out, to see what
          that changes.
        </p>
      )}
    </div>
  );
}
