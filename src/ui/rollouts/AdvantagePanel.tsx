import { memo, type ReactNode, useMemo } from 'react';
import { show } from '../../store/look';
import { DomainMark } from '../DomainMark';
import { fixed } from '../format';
import { Panel } from '../Panel';
import { agrees, groupAdvantage, scoreParts } from './advantage';
import { ScoreStrip } from './ScoreStrip';
import { Tex } from './Tex';
import { advantageTex, scoreTex } from './tex';
import type { Inspected } from './useInspector';

const HINT =
  'Equation (2): a rollout’s score compared with its group’s mean, in units of the group’s standard deviation. All its tokens get this advantage.';

/** A number computed here beside the engine's. */
export function Check({ what, here, engine }: { what: string; here: number; engine: number }) {
  const same = agrees(here, engine);
  const text = (value: number) => fixed(value === 0 ? 0 : value, 5);
  return (
    <p className={`check-line ${same ? '' : 'differs'}`}>
      <span aria-hidden="true">{same ? '✓' : '≠'}</span>{' '}
      {same
        ? `${what} here ${text(here)}, engine ${text(engine)}: equal within 10⁻⁵`
        : `${what} here ${fixed(here, 6)}, engine ${fixed(engine, 6)}: they differ by ${(here - engine).toExponential(1)}`}
    </p>
  );
}

const Words = ({ children }: { children: ReactNode }) => <p className="words">{children}</p>;

/** What the selected rollout's score is made of, and its advantage with the group's numbers filled in. */
export const AdvantagePanel = memo(function AdvantagePanel({ inspected }: { inspected: Inspected }) {
  const { frame, group, row, config, names, choose } = inspected;
  const { first, size } = group;
  const parts = useMemo(() => scoreParts(frame, row, config), [frame, row, config]);
  const advantage = useMemo(
    () => frame.score && groupAdvantage(frame.score.subarray(first, first + size), row - first, config.objective.normalizeStd),
    [frame, first, size, row, config],
  );
  const correct = frame.reward[row] > 0.5;
  const aside = (
    <span className="steppers">
      <button type="button" aria-label="Previous rollout" disabled={row === 0} onClick={() => choose(row - 1)}>
        ‹
      </button>
      <button type="button" aria-label="Next rollout" disabled={row === frame.n - 1} onClick={() => choose(row + 1)}>
        ›
      </button>
      <button type="button" onClick={() => showIn(row, choose)}>
        Show in geometry
      </button>
    </span>
  );
  return (
    <Panel name="one-rollout" title={`Response ${row - first + 1}`} hint={HINT} aside={aside} figure={false}>
      <p className="verdict-line">
        <DomainMark domain={names.marks[group.domain]} open={!correct} /> <b>{correct ? 'Correct' : 'Wrong'}</b>
        {frame.reason[row] && <span className="quiet">: {frame.reason[row]}</span>}
      </p>
      {parts && advantage && frame.advantage && frame.score ? (
        <>
          <ScoreStrip
            scores={frame.score.subarray(first, first + size)}
            rewards={frame.reward.subarray(first, first + size)}
            at={row - first}
            mark={names.marks[group.domain]}
            advantage={advantage}
          />
          <div className="formulas">
            <Tex>{scoreTex(parts)}</Tex>
            {advantageTex(advantage).map((tex) => (
              <Tex key={tex.slice(0, 6)}>{tex}</Tex>
            ))}
          </div>
          {parts.bonus !== null && (
            <Words>
              The contrastive reward (the last part) is what the engine’s score holds beyond the others; correct rollouts have one
              where there are other correct ones and wrong ones to compare with.
            </Words>
          )}
          {advantage.rule === 'equal' && (
            <Words>All {size} scores are equal: there is nothing to compare, the advantage is 0.</Words>
          )}
          {advantage.rule === 'centred' && <Words>Dr. GRPO: the difference is not divided by the group’s deviation.</Words>}
          {advantage.rule === 'single' && <Words>A group of one has no mean of its own: 0 stands for it.</Words>}
          {parts.bonus === null && !agrees(parts.total, parts.engine) && (
            <Check what="Score" here={parts.total} engine={parts.engine} />
          )}
          <Check what="Advantage" here={advantage.value} engine={frame.advantage[row]} />
        </>
      ) : (
        <Words>
          {frame.source === 'file'
            ? 'The file holds verdicts and embeddings only: no scores, so no advantages.'
            : 'Held-out responses are only measured, never trained on: they have no advantage.'}
        </Words>
      )}
    </Panel>
  );
});

function showIn(row: number, choose: (row: number) => void): void {
  choose(row);
  show('geometry');
}
