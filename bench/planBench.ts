import type { Config } from '../src/config/schema';
import { type Start, Trainer } from '../src/engine/trainer';
import type { Backend } from '../src/gpu/backend';
import type { Plan } from '../src/gpu/plan';
import { interleave, secondsSince } from './measure';
import { type EntryReport, entryReports, planRoof, type Roofline } from './roofline';
import { type Claim, digits, ms, percent, table } from './table';

const TARGET = 0.2;
/** Steps per replay so that one lasts about this long. */
const REPLAY_SECONDS = 0.1;

export interface PlanReport {
  entries: (EntryReport & { contrastive: boolean })[];
  /** Median seconds of one whole step, its metrics read back. */
  step: number;
  /** Share of the roof that the whole step reaches. */
  fraction: number;
  /** The same step with lambda = 0; null when the configuration has no contrastive loss. */
  grpo: number | null;
  /** Metrics of the last measured step. */
  metrics: Record<string, number | null>;
  claims: Claim[];
}

/** Entries of `plan` that `base` does not have. */
function added(plan: Plan, base: Plan): boolean[] {
  const left = new Map<string, number>();
  for (const { label } of base.dispatches) left.set(label, (left.get(label) ?? 0) + 1);
  return plan.dispatches.map(({ label }) => {
    const n = left.get(label) ?? 0;
    left.set(label, n - 1);
    return n < 1;
  });
}

/** Every entry of one training step against the roofline, and what the contrastive loss adds to a GRPO step. */
export async function benchPlan(
  backend: Backend,
  config: Config,
  start: Start,
  roofline: Roofline,
  { repeats, say, out }: { repeats: number; say: (text: string) => void; out: (text: string) => void },
): Promise<PlanReport> {
  const withLoss = config.contrast.lambda > 0;
  say('training step, entry by entry');
  const trainer = await Trainer.create(backend, [config], [start]);
  const plain = withLoss
    ? await Trainer.create(backend, [{ ...config, contrast: { ...config.contrast, lambda: 0 } }], [start])
    : null;
  try {
    await trainer.step();
    const times = await trainer.profile(repeats);
    const isAdded = plain ? added(trainer.plan, plain.plan) : trainer.plan.dispatches.map(() => false);
    const entries = entryReports(trainer.plan, times, 1, roofline).map((e, i) => ({ ...e, contrastive: isAdded[i] }));

    say('whole steps, interleaved');
    const begin = performance.now();
    await trainer.step();
    const stride = Math.max(1, Math.min(trainer.maxStride, Math.round(REPLAY_SECONDS / secondsSince(begin))));
    const contenders = [trainer, ...(plain ? [plain] : [])].map((t, i) => ({ name: String(i), run: () => t.step(stride) }));
    const seconds = (await interleave(contenders, { least: Math.min(5, repeats), most: repeats, seconds: 45 })).map(
      (s) => s / stride,
    );
    const [[last]] = await trainer.step();
    const [step, grpo = null] = seconds;
    const report: PlanReport = {
      entries,
      step,
      fraction: planRoof(trainer.plan, 1, roofline, 1 / stride) / step,
      grpo,
      metrics: last.metrics,
      claims: [],
    };
    print(report, start.where, out);
    return report;
  } finally {
    trainer.destroy();
    plain?.destroy();
  }
}

function print(report: PlanReport, where: string, out: (text: string) => void): void {
  const { entries, step, grpo, metrics, fraction } = report;
  const row = (e: EntryReport & { contrastive: boolean }, i: number) => [
    String(i + 1),
    e.contrastive ? '+' : '',
    e.label,
    e.kernel,
    ms(e.seconds),
    percent(e.share),
    digits(e.gflops),
    percent(e.fraction),
  ];
  out('\nOne training step (+: entries that GRPO does not have)');
  const rows = entries.map(row);
  for (const line of table(['#', '', 'entry', 'kernel', 'ms', 'share', 'GFLOP/s', 'of roof'], rows, [1, 2, 3])) out(line);
  const sum = (of: readonly EntryReport[]) => of.reduce((s, e) => s + e.seconds, 0);
  const total = sum(entries);
  const extra = sum(entries.filter((e) => e.contrastive));
  const flops = entries.reduce((s, e) => s + e.flops, 0);
  const number = (name: string) => (metrics[name] === null || metrics[name] === undefined ? 'no data' : percent(metrics[name]));
  out(
    `sum of ${entries.length} entries ${ms(total)} ms, ${digits(flops / total / 1e9)} GFLOP/s; whole step ${ms(step)} ms at ${percent(fraction)} of the roof`,
  );
  out(`weights: ${where}; reward ${number('reward/mean')}, correct in the pool ${number('pool/positiveRatio')}`);
  if (grpo === null) return;
  out(`contrastive entries ${ms(extra)} ms: ${percent(extra / (total - extra))} of the others`);
  const share = (step - grpo) / grpo;
  out(`whole steps: ${ms(step)} ms with the contrastive loss, ${ms(grpo)} ms without`);
  report.claims.push({
    text: `contrastive work costs ${percent(share)} of a GRPO step`,
    target: `at most ${percent(TARGET)}`,
    met: share <= TARGET,
  });
}
