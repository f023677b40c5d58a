import { fleetShape } from '../engine/trainer';
import { trainPlan } from '../engine/trainPlan';
import { dispatchCost, planCost } from '../gpu/plan';
import { buildBank } from '../tasks/bank';
import { configFrom, integerOption, readArgs } from './args';
import type { Io } from './io';

const si = (x: number) => {
  const units = ['', ' k', ' M', ' G', ' T'];
  const tier = x < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(x) / 3));
  return `${(x / 1000 ** tier).toFixed(tier ? 2 : 0)}${units[tier] || ' '}`;
};

/** `plan [--preset NAME]… [key=value …] [--runs R]`: the dispatches of one training step with their work. */
export async function planCommand(args: string[], io: Io): Promise<number> {
  const { values, positionals } = readArgs(args, { preset: { type: 'string', multiple: true }, runs: { type: 'string' } });
  const config = configFrom(values.preset, positionals);
  const runs = integerOption('--runs', values.runs, 1, 1, 1024);
  const bank = buildBank(config.tasks, { split: 'train', perColumn: config.tasks.instances, seed: config.tasks.world });
  const { layout, plan } = trainPlan(
    fleetShape(
      Array.from({ length: runs }, () => config),
      bank,
    ),
  );
  const rows = plan.dispatches.map((d, i) => {
    const { flops, bytes } = dispatchCost(d);
    return [String(i + 1), d.label, d.kernel.name, d.kernel.grid(d.shape, runs).join(' × '), si(flops * runs), si(bytes * runs)];
  });
  const total = planCost(plan);
  const head = ['#', 'entry', 'kernel', 'workgroups', 'FLOP', 'byte'];
  const widths = head.map((h, c) => Math.max(h.length, ...rows.map((r) => r[c].length)));
  const print = (r: string[]) =>
    io.out(r.map((cell, c) => (c === 1 || c === 2 ? cell.padEnd(widths[c]) : cell.padStart(widths[c]))).join('  '));
  print(head);
  rows.forEach(print);
  const memory = [...layout.resources.values()].reduce((s, r) => s + 4 * r.length * runs, 0);
  io.out(
    `${plan.dispatches.length} dispatches, ${si(total.flops * runs)}FLOP and ${si(total.bytes * runs)}byte a step for ${runs} run${runs > 1 ? 's' : ''}; ${si(memory)}byte of buffers`,
  );
  return 0;
}
