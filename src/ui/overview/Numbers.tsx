import { nearest } from '../../charts/lineChart';
import { field } from '../../config/fields';
import { shownStep } from '../../store/state';
import { fixed, percent } from '../format';
import { Hint } from '../Hint';
import { useFocused, useLab } from '../useLab';

interface Entry {
  metric: string;
  label: string;
  hint: string;
  show(value: number): string;
}

const three = (v: number) => fixed(v, 3);

const ENTRIES: readonly Entry[] = [
  { metric: 'reward/mean', label: 'Mean reward', hint: 'Share of the batch’s rollouts that the verifier accepts.', show: three },
  {
    metric: 'group/mixed',
    label: 'Mixed groups',
    hint: 'Prompts whose rollouts are partly right and partly wrong: only these give the policy a signal.',
    show: percent,
  },
  {
    metric: 'policy/entropy',
    label: 'Entropy',
    hint: 'How undecided the policy is about each token, in nats. Near zero it has stopped exploring.',
    show: three,
  },
  {
    metric: 'gradient/norm',
    label: 'Gradient norm',
    hint: `Length of the policy’s gradient before clipping. ${field('optimizer.clipNorm').help}`,
    show: three,
  },
  {
    metric: 'policy/ratio',
    label: 'Ratio',
    hint: 'Probability of the sampled tokens now, over that when they were sampled. Stays 1 with one update per batch.',
    show: three,
  },
  {
    metric: 'policy/clipFraction',
    label: 'Clipped',
    hint: 'Share of tokens whose gradient the clip range stops.',
    show: percent,
  },
  {
    metric: 'weight/cross',
    label: 'Compatibility',
    hint: 'Mean weight, 0 to 1, of pairs of correct rollouts from different domains: how alike their prompts’ average embeddings are.',
    show: three,
  },
  {
    metric: 'pool/positiveRatio',
    label: 'Positives',
    hint: 'Share of the pool that is correct and serves as positive.',
    show: percent,
  },
];

/** The latest numbers, or those under the cursor. */
export function Numbers() {
  const { trace } = useFocused();
  const cursor = useLab(shownStep);
  useLab((s) => s.version);
  const i = cursor === null ? trace.length - 1 : nearest(trace.steps, cursor);
  return (
    <section className="panel numbers" aria-label="Numbers of the latest step">
      <dl>
        {ENTRIES.map(({ metric, label, hint, show }) => {
          const value = trace.raw(metric)[i];
          return (
            <div key={metric}>
              <dt>
                <Hint text={hint}>{label}</Hint>
              </dt>
              <dd>{value === undefined || Number.isNaN(value) ? '–' : show(value)}</dd>
            </div>
          );
        })}
      </dl>
    </section>
  );
}
