import { useState } from 'react';
import { field } from '../../config/fields';
import { apartOf, dismissTaken, take } from '../../store/takeStep';
import type { Taken } from '../../store/whatif';
import { Fault } from '../Fault';
import { shortName } from '../fields/words';
import { whole } from '../format';
import { Hint } from '../Hint';
import { useLab } from '../useLab';
import { columnsOf } from './columns';
import { useFrozen, useWhatIf } from './useVariants';

const HINT =
  'The run’s own step is taken by the run, and by all others of a race with it. A variant’s step makes a branch: a new run with the variant’s settings goes on alone from here, with this run’s past; this run stays where it is.';

const fields = (paths: readonly string[]): string => paths.map((p) => shortName(field(p))).join(', ');

function words({ who, step, apart, metrics, parameters }: Taken): { text: string; good: boolean } {
  const name = who === 'run' ? 'the run’s own' : `${who}’s`;
  if (!metrics) return { text: `Taking step ${whole(step)} …`, good: false };
  if (apart.length)
    return {
      text: `Step ${whole(step)} was ${name}. It drew its own batch (${fields(apart)}), so it is not the step that was shown.`,
      good: false,
    };
  const { compared, misses } = metrics;
  const differ = parameters?.differ ?? 0;
  if (misses.length === 0 && differ === 0)
    return {
      text: `Step ${whole(step)} was ${name}: all ${whole(compared)} numbers${parameters ? ` and all ${whole(parameters.compared)} parameters` : ''} came out bit for bit as shown.`,
      good: true,
    };
  const [first] = misses;
  return {
    text: `Step ${whole(step)} was ${name}, but ${whole(misses.length)} of ${whole(compared)} numbers${
      first ? ` (${first.name}: ${first.predicted} shown, ${first.measured} measured)` : ''
    } and ${whole(differ)} of ${whole(parameters?.compared ?? 0)} parameters are not as shown.`,
    good: false,
  };
}

/** What became of the step that was taken, beside what had been predicted. */
export function TakenReport() {
  const taken = useWhatIf((s) => s.taken);
  if (!taken) return null;
  const { text, good } = words(taken);
  return (
    <div className="taken" data-good={good || undefined}>
      <p role="status">
        {good && <b>As predicted. </b>}
        {text}
      </p>
      {taken.metrics && (
        <button type="button" className="text quiet" onClick={dismissTaken}>
          Dismiss
        </button>
      )}
    </div>
  );
}

/** Commits the step that is shown. */
export function Take() {
  const { frozen, current, busy } = useFrozen();
  const raced = useLab((s) => s.runs.length > 1);
  const [fault, setFault] = useState('');
  const [taking, setTaking] = useState(false);
  const ready = current && !busy && !taking;
  const variants = frozen ? columnsOf(frozen).filter((c) => !c.same) : [];
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
  const apart = variants.flatMap(({ name, outcome }) => {
    const paths = frozen ? apartOf(outcome, frozen.run) : [];
    return paths.length ? [`${name}’s real step draws its own batch (${fields(paths)}), so it will not be the one shown.`] : [];
  });
  const alone = raced && variants.length > 0 ? 'A variant goes on alone, without the other runs of this race.' : '';
  const notes = [...apart, alone].filter(Boolean).join(' ');
  return (
    <>
      <div className="take">
        <Hint text={HINT}>Take this step</Hint>
        {variants.map(({ name, variant }) => (
          <button key={name} type="button" disabled={!ready} onClick={() => void commit(variant)}>
            as {name}
          </button>
        ))}
        <button type="button" disabled={!ready} onClick={() => void commit(null)}>
          as the run
        </button>
      </div>
      {notes && <p className="take-note">{notes}</p>}
      <Fault text={fault} />
    </>
  );
}
