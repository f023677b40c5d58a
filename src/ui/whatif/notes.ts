import { field } from '../../config/fields';
import { differences } from '../../config/resolve';
import type { Config } from '../../config/schema';
import type { Settings } from '../../store/variants';
import { shortName, valueWord } from '../fields/words';

/** `λ 0 (0.1), Gradient surgery Per tensor (Off)`: what a variant has, and what the run has. */
export const differsText = (run: Settings, variant: Settings): string =>
  differences(variant.config, run.config)
    .map(
      ({ path, value, base }) => `${shortName(field(path))} ${valueWord(field(path), value)} (${valueWord(field(path), base)})`,
    )
    .join(' · ');

/** Where a batch makes several updates: which of them the shown effects are of. Null where it makes one. */
export function updatesNote({ rollout: { miniBatches, prompts } }: Config): string | null {
  if (miniBatches === 1) return null;
  return `This batch makes ${miniBatches} updates, one after the other, each on ${prompts / miniBatches} of its prompts. Losses, logits, gradients and responses below are those of the last update alone: “Before” is where the earlier updates have brought the policy. Advantages and Δθ are of the whole step.`;
}

const CLIP = ['objective.clipLow', 'objective.clipHigh', 'objective.dualClip'];
const LOSS = ['contrast.tau', 'contrast.beta', 'contrast.gamma'];

/** What a reader should know before wondering about the numbers of a variant, in sentences. `updates`: done so far. */
export function notesOf(run: Config, variant: Config, held: readonly string[], updates: number): string[] {
  const paths = differences(variant, run).map((d) => d.path);
  const has = (all: readonly string[]) => all.some((p) => paths.includes(p));
  const names = (all: readonly string[]) => all.map((p) => shortName(field(p))).join(', ');
  const notes: string[] = [];
  const { miniBatches, group } = run.rollout;
  if (held.length)
    notes.push(
      `${names(held)}: this decides which prompts and responses a batch has. The batch is held still here, so you see what the update alone does; the real step would draw another batch.`,
    );
  if (variant.rollout.group < group)
    notes.push(
      `Trains on the first ${variant.rollout.group} of each prompt’s ${group} responses. The real step would draw its own.`,
    );
  if (has(CLIP) && miniBatches === 1)
    notes.push('The clip has nothing to do here: with one update per batch every ratio is still 1 when the gradient is taken.');
  if (has(CLIP) && miniBatches > 1)
    notes.push(`The clip acts from the second of the ${miniBatches} updates on, when ratios have left 1.`);
  const active = [run, variant].filter((c) => c.contrast.lambda > 0);
  if (has(LOSS) && variant.contrast.lambda === 0) notes.push('λ is 0: τ, β and γ act on nothing.');
  else if (has(['contrast.lambda', ...LOSS]) && active.length && active.every((c) => updates + miniBatches <= c.contrast.warmup))
    notes.push(
      `Contrastive warm-up: until update ${active[0].contrast.warmup} (this is update ${updates + 1}) the contrastive loss trains only the head, so the policy’s gradient does not feel it yet.`,
    );
  if (active.some((c) => !c.contrast.backbone))
    notes.push('The contrastive loss is kept from the policy here: it trains the head only.');
  if (run.contrast.lambda === 0 && variant.contrast.lambda > 0)
    notes.push('The run has no embedding yet: in every column it starts afresh, untrained, at this step.');
  if (paths.includes('curriculum.rule')) notes.push('Task weights act on the batches that come after, not on this update.');
  return notes;
}
