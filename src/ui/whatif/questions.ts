import { getValue, type Value } from '../../config/fields';
import type { Config } from '../../config/schema';
import { UNCHANGED, type Variant } from '../../store/variants';

/** A question about the next step that is asked at one press. */
export interface Question {
  /** Follows `What if`. */
  text: string;
  hint: string;
  variant: Variant;
}

const asking = (values: Record<string, Value>): Variant => ({ ...UNCHANGED, values });

/** Questions worth asking about a run; those that it answers already are left out. */
export function questionsOf(run: Config): Question[] {
  const { contrast, rollout, surgery } = run;
  const half = Math.floor(rollout.group / 2);
  const all: (Question | false)[] = [
    contrast.lambda > 0
      ? {
          text: 'λ were 0?',
          hint: 'The same update without the contrastive loss: plain policy optimisation.',
          variant: asking({ 'contrast.lambda': 0 }),
        }
      : {
          text: 'λ were 0.1?',
          hint: 'The same update with the contrastive loss beside it.',
          variant: asking({ 'contrast.lambda': 0.1 }),
        },
    {
      text: 'nothing were clipped?',
      hint: 'Ratios may go as far as they like before their gradient stops.',
      variant: asking({ 'objective.clipLow': 1, 'objective.clipHigh': 10, 'objective.dualClip': 0 }),
    },
    surgery.granularity === 'off' && {
      text: 'MGS?',
      hint: 'Modular gradient surgery on top of this method: conflicting domain gradients are projected off each other, tensor by tensor.',
      variant: asking({ 'surgery.granularity': 'tensor' }),
    },
    half >= 1 && {
      text: 'G were halved?',
      hint: `Advantages from the first ${half} of each prompt’s ${rollout.group} responses.`,
      variant: asking({ 'rollout.group': half }),
    },
    {
      text: 'η were doubled?',
      hint: 'The same direction, twice as far.',
      variant: asking({ 'optimizer.lr': Math.min(1, Number((2 * run.optimizer.lr).toPrecision(6))) }),
    },
  ];
  return all.filter(
    (q): q is Question => q !== false && Object.entries(q.variant.values).some(([p, v]) => getValue(run, p) !== v),
  );
}
