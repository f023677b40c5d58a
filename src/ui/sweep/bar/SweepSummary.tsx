import { useEffect, useRef, useState } from 'react';
import { sweeps } from '../../../store/sweep';
import { type Model, sayPoint } from '../charts/model';
import { endedIn, planNow } from './remaining';

/** Between two announcements while it runs, milliseconds. */
const EVERY = 30_000;
const WORDS = {
  running: 'The sweep runs',
  paused: 'The sweep is paused',
  finished: 'The sweep has finished',
  failed: 'The sweep has failed',
};

function sentence(model: Model, status: keyof typeof WORDS): string {
  const { trials } = model.state;
  const of = Math.max(planNow(model.state).trials ?? 0, trials.length);
  const best = model.best === null ? '' : ` Best: ${sayPoint(model, model.best)}.`;
  return `${WORDS[status]}: ${endedIn(model.state)} of ${of} trials ended.${best}`;
}

/** Tells screen readers how the sweep goes: when its status changes, and now and then. */
export function SweepSummary({ model }: { model: Model | null }) {
  const [text, setText] = useState('');
  const now = useRef(model);
  now.current = model;
  useEffect(() => {
    let told = -1;
    const say = () => {
      const { status } = sweeps.getState();
      if (!now.current || !(status in WORDS)) return;
      told = endedIn(now.current.state);
      setText(sentence(now.current, status as keyof typeof WORDS));
    };
    const stop = sweeps.subscribe((next, old) => {
      if (next.status !== old.status) say();
    });
    const timer = setInterval(() => {
      const { current } = now;
      if (current && sweeps.getState().status === 'running' && endedIn(current.state) !== told) say();
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
