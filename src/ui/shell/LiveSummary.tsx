import { useEffect, useState } from 'react';
import { lab } from '../../store/lab';
import type { LabState } from '../../store/state';
import { percent } from '../format';

/** Between two announcements while training, milliseconds. */
const EVERY = 30_000;

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** How training stands: status, step, reward of each lane. */
function standing({ status, step, config, lanes, runs, seeds }: LabState): string {
  const rewards = lanes.map((lane, i) => {
    const reward = mean(runs.filter((r) => r.lane === i).flatMap((r) => r.trace.last('reward/mean') ?? []));
    return `${lane.label || 'mean reward'} ${Number.isFinite(reward) ? percent(reward) : 'no data'}`;
  });
  const of = seeds > 1 ? ` over ${seeds} seeds` : '';
  const word = status === 'finished' ? 'Finished' : status === 'training' ? 'Training' : 'Paused';
  return `${word} at step ${step} of ${config.steps}: ${rewards.join(', ')}${of}.`;
}

/** Held-out accuracy that was measured last. */
function measured({ lanes, runs, step }: LabState): string {
  const accuracies = lanes.map((lane, i) => {
    const own = runs.filter((r) => r.lane === i).flatMap((r) => r.evaluations.at(-1)?.result.average ?? []);
    return `${lane.label || 'average'} ${own.length ? percent(mean(own)) : 'no data'}`;
  });
  return `Held-out accuracy at step ${step}: ${accuracies.join(', ')}.`;
}

/** What a change of status is worth saying; null: nothing. Evaluations in the middle of training are not. */
function sentence(now: LabState, old: LabState): string | null {
  const { status, step } = now;
  if (status === 'training') return old.status === 'evaluating' ? null : step === 0 ? 'Training has begun.' : 'Training goes on.';
  if (status === 'finished') return step > 0 ? standing(now) : null;
  if (status !== 'paused') return null;
  if (old.status === 'evaluating') return measured(now);
  if (old.status === 'training') return standing(now);
  return step === 0 ? 'Ready to train.' : standing(now);
}

/** Tells screen readers how training goes: when it begins or ends, and now and then. */
export function LiveSummary() {
  const [text, setText] = useState('');
  useEffect(() => {
    let told = 0;
    const stop = lab.subscribe((now, old) => {
      const next = now.status === old.status ? null : sentence(now, old);
      if (next !== null) setText(next);
    });
    const timer = setInterval(() => {
      const now = lab.getState();
      if (now.status !== 'training' || now.step === told) return;
      told = now.step;
      setText(standing(now));
    }, EVERY);
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
