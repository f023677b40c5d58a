import { useEffect, useState } from 'react';
import { ask, lab } from '../../store/lab';
import { select, setOption } from '../../store/look';
import type { Frame } from '../../store/state';
import { whole } from '../format';
import { useLab, useOption } from '../useLab';
import { FilmSlider } from './FilmSlider';

const SOURCES = [
  { name: 'pool', label: 'Training', title: 'The rollouts that the policy was last trained on' },
  { name: 'heldOut', label: 'Held-out', title: 'Fresh responses to prompts that training never sees' },
  { name: 'file', label: 'File', title: 'The pool file that was dropped on the page' },
] as const;
/** Prompts of each benchmark, and responses to each. */
const HELD_OUT = { prompts: 8, samples: 8 };

/** Held-out rollouts of the focused run, asked for by the user; dropped when another experiment begins. */
export function useHeldOut(): { frame: Frame | null; busy: boolean; fault: string | null; sample(): void } {
  const run = useLab((s) => s.focus);
  const runs = useLab((s) => s.lanes);
  const [frame, setFrame] = useState<Frame | null>(null);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever another run is looked at
  useEffect(() => {
    setFrame(null);
    setFault(null);
  }, [run, runs]);
  const sample = async () => {
    setBusy(true);
    setFault(null);
    const { lanes } = lab.getState();
    try {
      const answer = await ask({ kind: 'heldOut', run, ...HELD_OUT });
      if (lab.getState().lanes === lanes) setFrame(answer);
    } catch (error) {
      setFault((error as Error).message);
    }
    setBusy(false);
  };
  return { frame, busy, fault, sample };
}

interface Props {
  frame: Frame | null;
  heldOut: ReturnType<typeof useHeldOut>;
}

/** Where the rollouts come from, and which step of the run. */
export function SourceBar({ frame, heldOut }: Props) {
  const source = useOption('geometry.source');
  const file = useLab((s) => s.file);
  const ready = useLab((s) => s.fleet !== null && s.waiting === 0);
  const choose = (name: (typeof SOURCES)[number]['name']) => {
    select(null);
    setOption('geometry.source', name);
    if (name === 'heldOut' && !heldOut.frame && ready) heldOut.sample();
  };
  return (
    <section className="panel source-bar" aria-label="Which rollouts">
      <fieldset className="segments small" aria-label="Rollouts of">
        {SOURCES.filter(({ name }) => name !== 'file' || file || source === 'file').map(({ name, label, title }) => (
          <label key={name} title={title}>
            <input type="radio" name="source" checked={source === name} onChange={() => choose(name)} />
            <span>{label}</span>
          </label>
        ))}
      </fieldset>
      {source === 'pool' && <FilmSlider frame={frame} />}
      {source === 'heldOut' && (
        <p className="held-out-bar">
          <button type="button" disabled={!ready || heldOut.busy} onClick={heldOut.sample}>
            {heldOut.busy ? 'Sampling…' : frame ? 'Sample again' : 'Sample now'}
          </button>
          <span className={heldOut.fault ? 'fault' : 'quiet'} role={heldOut.fault ? 'alert' : undefined}>
            {heldOut.fault ??
              (frame
                ? `${HELD_OUT.samples} responses to ${HELD_OUT.prompts} prompts of each benchmark, sampled at step ${whole(frame.step)}`
                : 'Fresh responses to prompts that training never sees')}
          </span>
        </p>
      )}
      {source === 'file' && (
        <p className="quiet">{file ? `${whole(file.n)} rollouts of the file` : 'Drop a pool file on the page.'}</p>
      )}
    </section>
  );
}
