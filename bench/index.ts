import { writeFile } from 'node:fs/promises';
import type { Config } from '../src/config/schema';
import type { Start } from '../src/engine/trainer';
import type { Backend } from '../src/gpu/backend';
import { benchContrast } from './contrastBench';
import { benchFleets } from './fleetBench';
import { benchMethods } from './methodsBench';
import { loadPeers, type Peers } from './peers';
import { benchPlan } from './planBench';
import { benchPruning } from './pruningBench';
import { measureRoofline, type Roofline } from './roofline';
import { benchSampling } from './samplingBench';
import { startFor } from './start';
import { type Claim, claimLine, digits } from './table';

export const PARTS = ['plan', 'methods', 'fleet', 'contrast', 'sampling'] as const;
/** Parts that run only when they are named: they train for minutes. */
export const LONG_PARTS = ['pruning'] as const;
export { TIMED_METHODS } from './methodsBench';
export type Part = (typeof PARTS)[number] | (typeof LONG_PARTS)[number];

export interface BenchOptions {
  backend: Backend;
  config: Config;
  /** The same configuration with each method of TIMED_METHODS. */
  methods: readonly { name: string; config: Config }[];
  parts: readonly Part[];
  sizes: readonly number[];
  /** Rounds of interleaved measurements at most, and profiles of the plan. */
  repeats: number;
  /** False leaves the peers out. */
  peers: boolean;
  /** Start from this instead of the base of the configuration's size. */
  start?: Start;
  /** File for all figures. */
  json?: string;
  readPublic(path: string): Promise<Uint8Array | null>;
  out(text: string): void;
  say(text: string): void;
}

const NO_PEERS: Peers = { missing: [] };

function describe({ peak, bandwidth, dispatch, submit }: Roofline): string {
  const micro = (s: number) => `${digits(s * 1e6)} µs`;
  const rates = bandwidth.map(({ bytes, rate }) => `${digits(rate / 1e9)} GB/s at ${digits(bytes / 1e6)} MB`).join(', ');
  return `roofline: ${digits(peak / 1e9)} GFLOP/s; ${rates}; ${micro(dispatch)} a dispatch, ${micro(submit)} a submit`;
}

/** Runs the chosen parts and prints them. @returns 0, or 1 when two contenders' numbers differ */
export async function runBench(o: BenchOptions): Promise<number> {
  const { backend, config, parts, out, say, repeats } = o;
  const begin = performance.now();
  out(`adapter: ${backend.adapter}`);
  const wanted = {
    tf: o.peers && parts.some((p) => p === 'contrast' || p === 'sampling'),
    jax: o.peers && parts.includes('contrast'),
  };
  const peers = wanted.tf || wanted.jax ? await loadPeers(wanted) : NO_PEERS;
  const versions = [peers.tf && `TensorFlow.js ${peers.tf.version}`, peers.jax && `jax-js ${peers.jax.version}`].filter(Boolean);
  if (versions.length) out(`peers: ${versions.join(', ')}; wasm on one thread, as both give it in Node`);
  for (const text of peers.missing) out(`left out: ${text}`);
  const roofline = await measureRoofline(backend);
  out(describe(roofline));

  const figures: Record<string, unknown> = { adapter: backend.adapter, versions, roofline };
  const claims: Claim[] = [];
  let agree = true;
  const start = parts.some((p) => p !== 'contrast' && p !== 'pruning')
    ? (o.start ?? (await startFor(backend, config, o.readPublic, say)))
    : undefined;
  const common = { repeats, say, out };
  if (start && parts.includes('plan')) {
    const report = await benchPlan(backend, config, start, roofline, common);
    claims.push(...report.claims);
    figures.plan = report;
  }
  if (start && parts.includes('methods')) {
    const report = await benchMethods(backend, o.methods, start, common);
    claims.push(...report.claims);
    figures.methods = report;
  }
  if (start && parts.includes('fleet')) {
    const report = await benchFleets(backend, config, start, common);
    claims.push(...report.claims);
    figures.fleet = report;
  }
  if (parts.includes('contrast')) {
    const report = await benchContrast(backend, peers, roofline, { ...common, sizes: o.sizes });
    claims.push(...report.claims);
    agree &&= report.agree;
    figures.contrast = report;
  }
  if (start && parts.includes('sampling')) {
    const report = await benchSampling(backend, config, start, peers, roofline, common);
    claims.push(...report.claims);
    agree &&= report.agree;
    figures.sampling = report;
  }
  if (parts.includes('pruning')) {
    const report = await benchPruning(backend, { readPublic: o.readPublic, say, out });
    claims.push(...report.claims);
    figures.pruning = report;
  }
  out('');
  for (const claim of claims) out(claimLine(claim));
  out(`${digits((performance.now() - begin) / 1000)} s`);
  if (o.json) await writeFile(o.json, `${JSON.stringify(figures, null, 2)}\n`);
  return agree ? 0 : 1;
}
