import { pause } from '../../store/transport';
import { obstacle, retry } from '../../store/whatif';
import { whole } from '../format';
import { Hint } from '../Hint';
import { useLab } from '../useLab';
import { updatesNote } from './notes';
import { Take, TakenReport } from './Take';
import { useFrozen, useWhatIf } from './useVariants';

const HINT =
  'The batch that the run would draw next is drawn ahead, once, and trained on in a memory of its own, under each setting. The run itself is not touched: pressing Step or Play still does exactly what it would have done.';

/** Whether the next batch is frozen, and what it is; else what to do. */
export function FrozenBar() {
  const blocked = useLab(obstacle);
  const soon = useLab((s) => s.pauseSoon);
  const steps = useLab((s) => s.fleet?.steps ?? 0);
  const step = useLab((s) => s.step);
  const error = useWhatIf((s) => s.error);
  const { frozen, current, busy } = useFrozen();
  const text = () => {
    if (blocked === 'opening') return <p>Opening the run …</p>;
    if (blocked === 'failed') return <p>The run has failed; start it anew to try its steps.</p>;
    if (blocked === 'busy') return <p>Measuring held-out accuracy; the next batch is frozen after that.</p>;
    if (blocked === 'finished')
      return (
        <p>The run has taken all its {whole(steps)} steps: there is no next one. Give it more under Steps, or press Reset.</p>
      );
    if (blocked === 'training')
      return (
        <>
          <p>A step is tried while the run stands still. Now it trains.</p>
          <button type="button" className="primary" disabled={soon} onClick={pause}>
            Pause and freeze the next batch
          </button>
        </>
      );
    if (!frozen || !current) return <p>{busy ? `Freezing the batch of step ${whole(step + 1)} and trying it …` : ''}</p>;
    const { batch } = frozen.result;
    const right = batch.reward.reduce((n, r) => n + Number(r > 0.5), 0);
    const prompts = batch.promptText.length;
    return (
      <p>
        <Hint text={HINT}>Step {whole(step + 1)} is frozen</Hint>: {whole(prompts)} prompts with{' '}
        {whole(batch.n / Math.max(1, prompts))} responses each, {whole(right)} of {whole(batch.n)} correct. Nothing has been
        trained on it yet.
      </p>
    );
  };
  const note = blocked === null && !error && frozen && current ? updatesNote(frozen.run.config) : null;
  return (
    <section className="panel frozen-bar" aria-label="The frozen batch" aria-busy={busy}>
      {busy && <progress aria-label="Trying the step" />}
      <div className="what">{text()}</div>
      {blocked === null && !error && <Take />}
      {note && <p className="updates-note">{note}</p>}
      {error && blocked === null && (
        <>
          <p className="fault" role="alert">
            The step could not be tried: {error}
          </p>
          <button type="button" onClick={retry}>
            Try again
          </button>
        </>
      )}
      <TakenReport />
    </section>
  );
}
