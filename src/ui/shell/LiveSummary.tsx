import { useEffect, useState } from 'react';
import { lab } from '../../store/lab';
import { percent } from '../format';

/** Between two announcements while training, milliseconds. */
const EVERY = 15_000;

function summary(): string {
  const { status, step, config, lanes, runs, seeds } = lab.getState();
  if (step === 0) return status === 'training' ? 'Training has begun.' : '';
  const rewards = lanes.map((lane, i) => {
    const values = runs.filter((r) => r.lane === i).flatMap((r) => r.trace.last('reward/mean') ?? []);
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    return `${lane.label || 'mean reward'} ${Number.isFinite(mean) ? percent(mean) : 'no data'}`;
  });
  const of = seeds > 1 ? ` over ${seeds} seeds` : '';
  return `${status === 'finished' ? 'Finished' : status === 'training' ? 'Training' : 'Paused'} at step ${step} of ${config.steps}: ${rewards.join(', ')}${of}.`;
}

/** Tells screen readers how training goes: when its status changes, and now and then. */
export function LiveSummary() {
  const [text, setText] = useState('');
  useEffect(() => {
    const tell = () => setText(summary());
    const stop = lab.subscribe((now, old) => {
      if (now.status !== old.status) tell();
    });
    const timer = setInterval(() => lab.getState().status === 'training' && tell(), EVERY);
    return () => {
      stop();
      clearInterval(timer);
    };
  }, []);
  return (
    <p className="visually-hidden" role="status" aria-live="polite">
      {text}
    </p>
  );
}
