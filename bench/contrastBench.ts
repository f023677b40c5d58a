import type { Backend } from '../src/gpu/backend';
import { ourContrast } from './contrastOurs';
import { type ContrastContender, jaxContrast, tfContrast } from './contrastPeers';
import { interleave, largest, largestError } from './measure';
import type { Peers } from './peers';
import { blocksOf, definition, makePool, masksOf } from './pool';
import { type EntryReport, entryReports, planRoof, type Roofline } from './roofline';
import { type Claim, digits, ms, percent, table } from './table';

/** Allowed difference from the float64 definition, of the loss and, relative to its largest entry, of the gradient. */
const TOLERANCE = 1e-4;
const TARGET = 3;

export interface ContrastRow {
  name: string;
  pool: number;
  /** Median seconds of one step, the loss read back. */
  seconds: number;
  lossError: number;
  /** Largest error of dL/du relative to its largest entry. */
  gradientError: number;
  /** Share of the roof; ours only. */
  fraction?: number;
}

export interface ContrastReport {
  rows: ContrastRow[];
  /** Entries of our step by pool size. */
  entries: Record<number, EntryReport[]>;
  claims: Claim[];
  agree: boolean;
}

/** A peer whose speed counts for the claim: on WebGPU, and one program for every batch. */
const counts = (name: string) => name.includes('webgpu') && !name.includes('blocks') && !name.startsWith('MCPO');

async function contendersFor(backend: Backend, peers: Peers, size: number, say: (text: string) => void) {
  const pool = makePool(size);
  const [blocks, masks] = [blocksOf(pool), masksOf(pool)];
  const made: ContrastContender[] = [];
  const attempt = async (name: string, make: () => Promise<ContrastContender>) => {
    try {
      made.push(await make());
    } catch (error) {
      say(`${name} at N = ${size}: ${(error as Error).message.split('\n')[0]}`);
    }
  };
  const ours = await ourContrast(backend, pool);
  made.push(ours);
  const { tf, jax } = peers;
  for (const b of tf?.backends ?? []) await attempt(`TensorFlow.js ${b}`, () => tfContrast(tf!.tf, b, pool, blocks));
  for (const b of jax?.backends ?? []) {
    await attempt(`jax-js ${b}`, () => jaxContrast(jax!.jax, b, 'masks', pool, masks));
    await attempt(`jax-js ${b} (blocks)`, () => jaxContrast(jax!.jax, b, 'blocks', pool, blocks));
  }
  return { pool, ours, made };
}

/** The contrastive step at each pool size, against the peers: same numbers first, then round-robin. */
export async function benchContrast(
  backend: Backend,
  peers: Peers,
  roofline: Roofline,
  {
    sizes,
    repeats,
    say,
    out,
  }: { sizes: readonly number[]; repeats: number; say: (text: string) => void; out: (text: string) => void },
): Promise<ContrastReport> {
  const report: ContrastReport = { rows: [], entries: {}, claims: [], agree: true };
  for (const size of sizes) {
    say(`contrastive step, N = ${size}`);
    const { pool, ours, made } = await contendersFor(backend, peers, size, say);
    const want = definition(pool);
    const scale = largest(want.du);
    const checked: { contender: ContrastContender; lossError: number; gradientError: number }[] = [];
    for (const contender of made) {
      try {
        const have = await contender.answer();
        const lossError = Math.abs(have.loss - want.loss) / Math.max(1, Math.abs(want.loss));
        const gradientError = largestError(have.du, want.du) / scale;
        if (lossError <= TOLERANCE && gradientError <= TOLERANCE) checked.push({ contender, lossError, gradientError });
        else {
          report.agree = false;
          out(
            `MISMATCH: ${contender.name} at N = ${size}: loss ${have.loss} for ${want.loss}, gradient off by ${gradientError} of its largest entry`,
          );
        }
      } catch (error) {
        say(`${contender.name} at N = ${size}: ${(error as Error).message.split('\n')[0]}`);
        if (contender === ours) throw error;
      }
    }
    const seconds = await interleave(
      checked.map((c) => c.contender),
      { least: Math.min(3, repeats), most: repeats, seconds: 30 },
    );
    checked.forEach(({ contender, lossError, gradientError }, i) => {
      const row: ContrastRow = { name: contender.name, pool: size, seconds: seconds[i], lossError, gradientError };
      if (contender === ours) row.fraction = planRoof(ours.plan, 1, roofline) / row.seconds;
      report.rows.push(row);
    });
    report.entries[size] = entryReports(ours.plan, await ours.profile(Math.min(3, repeats)), 1, roofline);
    for (const { destroy } of made) destroy();
  }
  print(report, sizes, out);
  return report;
}

function print(report: ContrastReport, sizes: readonly number[], out: (text: string) => void): void {
  out('\nContrastive step (loss and gradient of (11), D = 256, half correct, 5 domains, groups of 8), the loss read back');
  const find = (name: string, pool: number) => report.rows.find((r) => r.name === name && r.pool === pool);
  const names = [...new Set(report.rows.map((r) => r.name))];
  const ourName = names.find((n) => n.startsWith('MCPO')) as string;
  const lines = names.map((name) => [
    name,
    ...sizes.flatMap((n) => {
      const [row, own] = [find(name, n), find(ourName, n)];
      return [row ? ms(row.seconds) : '–', row && own ? `${(row.seconds / own.seconds).toFixed(2)}x` : '–'];
    }),
  ]);
  for (const line of table(['median ms', ...sizes.flatMap((n) => [`N = ${n}`, 'to ours'])], lines)) out(line);
  out(
    'TensorFlow.js gets the rows arranged by role and both get what depends on labels alone made beforehand. (blocks): compiled for',
  );
  out('this very number of correct rollouts, which changes from step to step; it does not count below.\n');
  const labels = report.entries[sizes[0]].map((e) => e.label);
  const entry = (label: number) =>
    sizes.flatMap((n) => [ms(report.entries[n][label].seconds), percent(report.entries[n][label].fraction)]);
  const body = labels.map((label, i) => [label, ...entry(i)]);
  for (const line of table(['our entries, ms', ...sizes.flatMap((n) => [`N = ${n}`, 'of roof'])], body)) out(line);
  for (const n of sizes) {
    const own = find(ourName, n);
    if (own) out(`N = ${n}: ours at ${percent(own.fraction ?? Number.NaN)} of the roof; largest errors ${worst(report.rows, n)}`);
    const rivals = report.rows.filter((r) => r.pool === n && counts(r.name));
    if (!own || !rivals.length) continue;
    const fastest = rivals.reduce((a, b) => (b.seconds < a.seconds ? b : a));
    const ratio = fastest.seconds / own.seconds;
    report.claims.push({
      text: `contrastive step, N = ${n}: ${digits(ratio)}x the faster WebGPU peer (${fastest.name})`,
      target: `${TARGET}x`,
      met: ratio >= TARGET,
    });
  }
}

function worst(rows: readonly ContrastRow[], pool: number): string {
  const of = rows.filter((r) => r.pool === pool);
  const most = (f: (r: ContrastRow) => number) => Math.max(...of.map(f)).toExponential(0);
  return `${most((r) => r.lossError)} (loss), ${most((r) => r.gradientError)} (gradient)`;
}
