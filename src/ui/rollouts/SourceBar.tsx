import { useStore } from 'zustand';
import { HELD_OUT, heldOut, sampleHeldOut } from '../../store/heldOut';
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

/** Where the rollouts come from, and which step of the run. */
export function SourceBar({ frame }: { frame: Frame | null }) {
  const source = useOption('geometry.source');
  const file = useLab((s) => s.file);
  const ready = useLab((s) => s.fleet !== null && s.waiting === 0);
  const { film, busy, fault } = useStore(heldOut);
  const choose = (name: (typeof SOURCES)[number]['name']) => {
    select(null);
    setOption('geometry.source', name);
    if (name === 'heldOut' && film.frames.length === 0 && !busy && ready) void sampleHeldOut();
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
          <button type="button" disabled={!ready || busy} onClick={() => void sampleHeldOut()}>
            {busy ? 'Sampling…' : frame ? 'Sample again' : 'Sample now'}
          </button>
          <span className={fault ? 'fault' : 'quiet'} role={fault ? 'alert' : undefined}>
            {fault ??
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
