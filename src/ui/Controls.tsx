import { type KeyboardEvent, useEffect, useId, useState } from 'react';
import { field } from '../config/fields';
import { PRESETS } from '../config/presets';
import { changesOf, chosen } from '../store/changes';
import { choosePreset, dropChanges, evaluate, isPlaying, playOrPause, reset, save, setSeed, step } from '../store/lab';
import { Hint } from './Hint';
import { useLab } from './useLab';

const HINTS = {
  method: 'How the policy learns. All methods start from the same weights.',
  size: 'How large the policy and each batch are, and how many steps a run has.',
};

type Choice = { onFault(text: string | null): void };

function choose(name: string, onFault: Choice['onFault']): void {
  try {
    choosePreset(name);
    onFault(null);
  } catch (error) {
    onFault((error as Error).message);
  }
}

function MethodChoice({ onFault }: Choice) {
  const presets = useLab((s) => s.presets);
  return (
    <div className="control">
      <span className="name">
        <Hint text={HINTS.method}>Method</Hint>
      </span>
      <select
        className="choice"
        aria-label="Method"
        value={chosen(presets, 'method')?.name}
        onChange={(e) => choose(e.target.value, onFault)}
      >
        {PRESETS.filter((p) => p.kind === 'method').map((p) => (
          <option key={p.name} value={p.name}>
            {p.label}
          </option>
        ))}
      </select>
    </div>
  );
}

function SizeChoice({ onFault }: Choice) {
  const presets = useLab((s) => s.presets);
  return (
    <div className="control">
      <span className="name">
        <Hint text={HINTS.size}>Size</Hint>
      </span>
      <div className="segments" role="radiogroup" aria-label="Size">
        {PRESETS.filter((p) => p.kind === 'size').map((p) => (
          <label key={p.name}>
            <input type="radio" name="size" checked={presets.includes(p.name)} onChange={() => choose(p.name, onFault)} />
            <span title={p.help}>{p.label}</span>
          </label>
        ))}
      </div>
    </div>
  );
}

function Seed({ onFault }: Choice) {
  const seed = useLab((s) => s.config.seed);
  const [draft, setDraft] = useState(String(seed));
  const [bad, setBad] = useState(false);
  const id = useId();
  useEffect(() => {
    setDraft(String(seed));
    setBad(false);
  }, [seed]);
  const fault = (text: string | null) => {
    setBad(text !== null);
    onFault(text);
  };
  const commit = (text: string) => {
    try {
      setSeed(text);
      setDraft(String(Number(text)));
      fault(null);
    } catch (error) {
      fault((error as Error).message);
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key] ?? 0;
    if (event.key === 'Enter') commit(draft);
    else if (event.key === 'Escape') {
      setDraft(String(seed));
      fault(null);
    } else if (by && Number.isSafeInteger(Number(draft))) {
      event.preventDefault();
      commit(String(Number(draft) + by));
    }
  };
  const { label, help } = field('seed');
  return (
    <div className="control">
      <span className="name">
        <Hint text={help}>{label}</Hint>
      </span>
      <input
        id={id}
        className="number"
        inputMode="numeric"
        autoComplete="off"
        aria-label={label}
        aria-invalid={bad}
        aria-describedby="control-fault"
        value={draft}
        onChange={(e) => setDraft(e.target.value)}
        onBlur={() => commit(draft)}
        onKeyDown={onKeyDown}
      />
    </div>
  );
}

function Transport() {
  const playing = useLab(isPlaying);
  const status = useLab((s) => s.status);
  const ready = useLab((s) => s.run !== null && s.waiting === 0);
  /** A request acts at the next submission, in the middle of training too. */
  const answers = ready && (status === 'paused' || status === 'finished' || status === 'training');
  const over = status === 'finished' || status === 'failed';
  return (
    <div className="control transport">
      <button
        type="button"
        className="primary"
        onClick={playOrPause}
        disabled={status === 'failed' || status === 'evaluating'}
        aria-keyshortcuts="Space"
      >
        <svg className="icon" viewBox="0 0 12 12" aria-hidden="true">
          <path d={playing ? 'M2 1h3v10H2zM7 1h3v10H7z' : 'M2 .8 11 6 2 11.2z'} fill="currentColor" />
        </svg>
        {playing ? 'Pause' : status === 'finished' ? 'Play again' : 'Play'}
      </button>
      <button type="button" onClick={step} disabled={!ready || over || status === 'evaluating'} aria-keyshortcuts=".">
        Step
      </button>
      <button type="button" onClick={reset}>
        Reset
      </button>
      <span className="rule" />
      <button type="button" onClick={evaluate} disabled={!answers} title="Measures held-out accuracy now">
        Evaluate
      </button>
      <button
        type="button"
        onClick={save}
        disabled={!answers && !(ready && status === 'failed')}
        title="Downloads the weights and optimiser state as safetensors"
      >
        Save
      </button>
    </div>
  );
}

/** What the chosen presets mean, and what the link changed about them. */
function Caption() {
  const presets = useLab((s) => s.presets);
  const config = useLab((s) => s.config);
  const [method, size] = [chosen(presets, 'method'), chosen(presets, 'size')];
  const ablations = PRESETS.filter((p) => p.kind === 'ablation' && presets.includes(p.name));
  const changes = changesOf(presets, config);
  return (
    <p className="caption">
      {method?.help} {ablations.map((a) => `${a.label}: ${a.help} `)}
      {size && `${size.label}: ${size.help}`}
      {changes.length > 0 && (
        <span className="changes">
          {' '}
          Changed by the link:{' '}
          {changes.map(({ field: f, value }, i) => (
            <span key={f.path}>
              {i > 0 && ', '}
              <Hint text={`${f.path}: ${f.help}`}>{f.label}</Hint> {String(value)}
            </span>
          ))}
          .{' '}
          <button type="button" className="text" onClick={dropChanges}>
            Undo
          </button>
        </span>
      )}
    </p>
  );
}

export function Controls() {
  const [fault, setFault] = useState<string | null>(null);
  return (
    <section className="controls" aria-label="Controls">
      <div className="bar">
        <MethodChoice onFault={setFault} />
        <SizeChoice onFault={setFault} />
        <Seed onFault={setFault} />
        <Transport />
      </div>
      <p id="control-fault" className="fault" role="alert">
        {fault}
      </p>
      <Caption />
    </section>
  );
}
