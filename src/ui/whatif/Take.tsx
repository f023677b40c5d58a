import { useState } from 'react';
import { field } from '../../config/fields';
import { apartOf, dismissTaken, type Taken, take } from '../../store/whatif';
import { shortName } from '../fields/words';
import { whole } from '../format';
import { Hint } from '../Hint';
import { useLab } from '../useLab';
import { columnsOf } from './columns';
import { useFrozen, useWhatIf } from './useVariants';

const HINT =
  'The run’s own step is taken by the run, and by all others of a race with it. A variant’s step makes a branch: a new run with the variant’s settings goes on alone from here, with this run’s past; this run stays where it is.';

const fields = (paths: readonly string[]): string => paths.map((p) => shortName(field(p))).join(', ');

/** What became of the step that was taken, beside what had been predicted. */
function Report({ taken: { who, step, apart, metrics, parameters } }: { taken: Taken }) {
  const name = who === 'run' ? 'the run’s own' : `${who}’s`;
  if (!metrics) return <p role="status">Taking step {whole(step)} …</p>;
  if (apart.length)
    return (
      <p role="status">
        Step {whole(step)} was {name}. It drew its own batch ({fields(apart)}), so it is not the step that was shown.
      </p>
    );
  const { compared, misses } = metrics;
  const differ = parameters?.differ ?? 0;
  if (misses.length === 0 && differ === 0)
    return (
      <p role="status" data-testid="as-predicted">
        <b>As predicted.</b> Step {whole(step)} was {name}: all {whole(compared)} numbers
        {parameters && ` and all ${whole(parameters.compared)} parameters`} came out bit for bit as shown.
      </p>
    );
  return (
    <p role="status" className="fault">
      Step {whole(step)} was {name}, but not as predicted: {whole(misses.length)} of {whole(compared)} numbers differ
      {misses.length > 0 && ` (${misses[0].name}: ${misses[0].predicted} predicted, ${misses[0].measured} measured)`}
      {differ > 0 && `, and ${whole(differ)} of ${whole(parameters?.compared ?? 0)} parameters`}.
    </p>
  );
}

/** Commits the step that is shown. */
export function Take() {
  const { frozen, current, busy } = useFrozen();
  const taken = useWhatIf((s) => s.taken);
  const raced = useLab((s) => s.runs.length > 1);
  const [fault, setFault] = useState('');
  const [taking, setTaking] = useState(false);
  const ready = current && !busy && !taking;
  const columns = frozen ? columnsOf(frozen) : [];
  const commit = async (which: number | null) => {
    setTaking(true);
    setFault('');
    try {
      await take(which);
    } catch (error) {
      setFault(`The step was not taken: ${(error as Error).message}`);
    } finally {
      setTaking(false);
    }
  };
  const variants = columns.filter((c) => !c.same);
  const apart = (i: number) => (frozen ? apartOf(columns[i].outcome, frozen.run) : []);
  return (
    <div className="take">
      <h3>
        <Hint text={HINT}>Take this step</Hint>
      </h3>
      <div className="take-buttons">
        {variants.map(({ name, variant }) => (
          <button key={name} type="button" className="primary" disabled={!ready} onClick={() => void commit(variant)}>
            As {name}
          </button>
        ))}
        <button type="button" className={variants.length ? '' : 'primary'} disabled={!ready} onClick={() => void commit(null)}>
          As the run
        </button>
      </div>
      {variants.map(({ name, variant }) => {
        const paths = apart((variant as number) + 1);
        return (
          paths.length > 0 && (
            <p key={name} className="help">
              {name}’s real step draws its own batch ({fields(paths)}), so it will not be the one shown.
            </p>
          )
        );
      })}
      {raced && variants.length > 0 && (
        <p className="help">A variant goes on alone: the other runs of this race stay behind with it kept under Runs.</p>
      )}
      {fault && (
        <p className="fault" role="alert">
          {fault}
        </p>
      )}
      {taken && (
        <div className="taken">
          <Report taken={taken} />
          {taken.metrics && (
            <button type="button" className="text quiet" onClick={dismissTaken}>
              Dismiss
            </button>
          )}
        </div>
      )}
    </div>
  );
}
