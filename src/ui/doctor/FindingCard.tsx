import type { Finding } from '../../store/doctor';
import { lastUpTo, rollbackFleet } from '../../store/travel';
import { useLab } from '../useLab';
import { BranchForm } from './BranchForm';
import { Sign } from './Sign';
import { Sparkline } from './Sparkline';
import { useDoctor } from './useDoctor';
import type { Returns } from './useReturns';
import type { Travel } from './useTravel';
import { evidenceText, measureOf } from './words';

interface Props {
  run: number;
  finding: Finding;
  returns: Returns;
  travel: Travel;
  open: boolean;
}

const placeOf = (step: number): string => (step > 0 ? `step ${step}` : 'the start');

/** What can be done about a finding: back to before it began, or a branch from there. */
function Remedies({ run, finding, returns, travel }: Omit<Props, 'open'>) {
  const lane = useLab((s) => s.lanes[s.runs[run].lane]);
  const many = useLab((s) => s.runs.length > 1);
  const reached = useLab((s) => s.step);
  if (returns.missing) return <p className="quiet">Nothing to go back to: {returns.missing}.</p>;
  const step = lastUpTo(returns.steps, finding.since);
  const place = placeOf(step);
  const began = finding.since > 0 ? `It began after step ${finding.since}` : 'It was so from the first steps on';
  const rollback = () =>
    travel.go('Going back', async () => {
      const { from, step: to, undo } = await rollbackFleet(finding.since);
      return { text: `Back at ${placeOf(to)}, from step ${from}. Play trains on from here.`, undo };
    });
  return (
    <>
      <p className="quiet">
        {began}
        {step > 0 && `; the last checkpoint before that is of step ${step}`}. From there the same settings lead to the same place
        again, so change one:
      </p>
      <BranchForm run={run} place={place} step={finding.since} turns={finding.turns} presets={lane.presets} travel={travel} />
      <p className="quiet">
        A branch is a new run; this one stays as it is. Or go back without a change, to watch it happen step by step
        {many ? '; that takes all lanes back' : ''}:
      </p>
      <button type="button" disabled={travel.busy !== '' || step >= reached} onClick={rollback}>
        Roll back to {place}
      </button>
    </>
  );
}

/** One finding: title, evidence with its picture, advice, and what can be done. */
export function FindingCard({ run, finding, returns, travel, open }: Props) {
  useLab((s) => s.version);
  const trace = useLab((s) => s.runs[run].trace);
  const window = useDoctor((s) => s.window);
  const { severity, title, evidence, advice } = finding;
  const { label } = measureOf(evidence.metric);
  return (
    <details className={`finding ${severity}`} open={open}>
      <summary>
        <Sign of={severity} />
        <b>{title}</b>
        <span className="visually-hidden">{severity === 'act' ? ' (act on it)' : ' (watch it)'}</span>
      </summary>
      <Sparkline
        steps={trace.steps}
        values={trace.raw(evidence.metric)}
        window={window}
        threshold={evidence.threshold}
        from={evidence.from}
        label={`${label} over training, with the line at which the doctor speaks up`}
      />
      <p>{evidenceText(finding, window)}</p>
      <p>{advice}</p>
      <Remedies run={run} finding={finding} returns={returns} travel={travel} />
    </details>
  );
}
