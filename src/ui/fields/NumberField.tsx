import { type CSSProperties, type KeyboardEvent, useEffect, useId, useRef } from 'react';
import { merged, nest } from '../../config/resolve';
import type { Layer } from '../../config/schema';
import { lab } from '../../store/lab';
import { Row } from './Row';
import { fromPosition, nudge, snap, type Track, toPosition, trackOf } from './scale';
import { type FieldState, useField } from './useField';
import { decimal, valueText } from './words';

/** Whether the rest of the configuration allows a value. */
function allowed(path: string, value: number): boolean {
  try {
    merged(lab.getState().config, nest(path, value) as Layer);
    return true;
  } catch {
    return false;
  }
}

/** The draft where it is a number within the bounds, else the value. */
function numberIn({ field: { min = 0, max = 0 }, text, value }: FieldState): number {
  const number = text.trim() === '' ? Number.NaN : Number(text);
  return number >= min && number <= max ? number : Number(value);
}

const MOVES: Record<string, [direction: 1 | -1, coarse: boolean]> = {
  ArrowUp: [1, false],
  ArrowDown: [-1, false],
  PageUp: [1, true],
  PageDown: [-1, true],
};
const SIDEWAYS: typeof MOVES = { ArrowRight: [1, false], ArrowLeft: [-1, false] };

/** Arrows and page keys move the draft, Enter commits it, Escape takes it back. */
function onKey(event: KeyboardEvent, state: FieldState, track: Track | null, onSlider: boolean): void {
  const { field: f, edit, commit, revert, pending, fault } = state;
  const number = numberIn(state);
  const move = MOVES[event.key] ?? (onSlider ? SIDEWAYS[event.key] : undefined);
  const end = onSlider ? ({ Home: f.min, End: f.max } as Record<string, number | undefined>)[event.key] : undefined;
  if (event.key === 'Enter') commit();
  else if (event.key === 'Escape' && (pending || fault)) {
    revert();
    event.stopPropagation();
  } else if (end !== undefined) edit(valueText(end));
  else if (move) {
    const [direction, coarse] = move;
    const seed = Math.min(f.max as number, Math.max(f.min as number, number + direction * (coarse ? 10 : 1)));
    const next = track ? snap(track, nudge(track, number, direction, coarse), direction, (v) => allowed(f.path, v)) : seed;
    edit(valueText(next));
  } else return;
  event.preventDefault();
}

/** The slider of a number; `mark`: a value that is marked on it, the paper's when left out. */
export function Slider({ state, track, mark }: { state: FieldState; track: Track; mark?: number }) {
  const { field: f, text, base, edit, commit } = state;
  const input = useRef<HTMLInputElement>(null);
  const at = (position: number) => {
    const marks = [base, f.paper].filter((m): m is number => typeof m === 'number');
    const raw = fromPosition(track, position, marks);
    return valueText(marks.includes(raw) ? raw : snap(track, raw, 0, (v) => allowed(f.path, v)));
  };
  const release = useRef(() => {});
  useEffect(() => {
    release.current = () => commit(at(input.current?.valueAsNumber ?? 0));
  });
  useEffect(() => {
    const released = () => release.current();
    const element = input.current;
    element?.addEventListener('change', released);
    return () => element?.removeEventListener('change', released);
  }, []);
  const number = numberIn(state);
  const position = toPosition(track, number);
  const marked = mark ?? f.paper;
  const paper = typeof marked === 'number' ? toPosition(track, marked) : undefined;
  return (
    <input
      ref={input}
      type="range"
      className="slider"
      tabIndex={-1}
      min={0}
      max={1}
      step="any"
      style={{ '--at': position, '--mark': paper } as CSSProperties}
      data-mark={paper !== undefined || undefined}
      aria-label={f.label}
      aria-valuetext={f.unit ? `${text} ${f.unit}` : text}
      value={position}
      onChange={(e) => edit(at(e.target.valueAsNumber))}
      onKeyDown={(e) => onKey(e, state, track, true)}
      onBlur={() => commit()}
    />
  );
}

/** The typed form of a number, stepped by keys. */
export function NumberEntry({ state, faultId, track }: { state: FieldState; faultId: string; track: Track | null }) {
  const { field: f, text, pending, fault, edit, commit } = state;
  const now = text.trim() === '' ? Number.NaN : Number(text);
  const range: Record<string, string | undefined> = {
    'aria-valuemin': decimal(f.min as number),
    'aria-valuemax': decimal(f.max as number),
    'aria-valuenow': Number.isFinite(now) ? decimal(now) : undefined,
  };
  return (
    <span className="entry" data-pending={pending || undefined}>
      <input
        type="text"
        role="spinbutton"
        inputMode={f.kind === 'integer' ? 'numeric' : 'decimal'}
        autoComplete="off"
        spellCheck={false}
        aria-label={f.label}
        {...range}
        aria-valuetext={f.unit ? `${text} ${f.unit}` : text}
        aria-invalid={fault !== null}
        aria-describedby={fault ? faultId : undefined}
        value={text}
        onChange={(e) => edit(e.target.value)}
        onFocus={(e) => e.target.select()}
        onKeyDown={(e) => onKey(e, state, track, false)}
        onBlur={() => commit()}
      />
    </span>
  );
}

/** A number: typed, stepped by keys, or dragged; the run sees it on Enter, on leaving the control, or on release. */
export function NumberField({ path }: { path: string }) {
  const state = useField(path);
  const faultId = useId();
  const track = trackOf(state.field);
  return (
    <Row state={state} faultId={faultId} wide={track && <Slider state={state} track={track} />}>
      <NumberEntry state={state} faultId={faultId} track={track} />
    </Row>
  );
}
