import { packHyper } from '../src/config/hyper';
import type { Config } from '../src/config/schema';
import { placeParameters } from '../src/engine/checkpoint';
import { parameterLayout } from '../src/engine/parameters';
import { addSampling, samplingResources } from '../src/engine/sampling';
import { batchShape, policyShape } from '../src/engine/shape';
import type { Start } from '../src/engine/trainer';
import { batchResources } from '../src/engine/trainPlan';
import type { Backend } from '../src/gpu/backend';
import { Layout, PlanBuilder } from '../src/gpu/plan';
import { STATE, STATE_SIZE } from '../src/kernels/state';
import { buildBank, RECORD_SIZE } from '../src/tasks/bank';
import { interleave } from './measure';
import type { Peers } from './peers';
import { planRoof, type Roofline } from './roofline';
import { type Claim, digits, ms, percent, table } from './table';
import { TfPolicy } from './tfPolicy';

/** Allowed difference of the log-probability of one and the same token. */
const TOLERANCE = 1e-3;
const TARGET = 5;

export interface SamplingReport {
  rows: { name: string; seconds: number; rolloutsPerSecond: number }[];
  /** Largest difference of a token's log-probability, TensorFlow.js forced to our tokens. */
  error: number | null;
  fraction: number;
  /** Mean tokens of our responses, EOS included. */
  length: number;
  claims: Claim[];
  agree: boolean;
}

/** Our sampler on its own, on prompts spread over the training bank. */
async function ourSampler(backend: Backend, config: Config, start: Start) {
  const policy = policyShape(config);
  const batch = batchShape(config);
  const parameters = parameterLayout(policy);
  const layout = new Layout(1);
  batchResources(layout, policy, batch, 1);
  layout.add('parameters', 'f32', parameters.size);
  samplingResources(layout, policy, batch, parameters);
  const builder = new PlanBuilder('sample', layout);
  addSampling(builder, policy, batch, parameters);
  const plan = builder.build();
  const memory = await backend.allocate(layout);
  const program = await memory.compile(plan);
  const weights = new Float32Array(parameters.size);
  placeParameters(parameters, start.checkpoint, weights, start.where);
  const bank = buildBank(config.tasks, { split: 'train', perColumn: config.tasks.instances, seed: config.tasks.world });
  const records = bank.records.length / RECORD_SIZE;
  const prompts = new Uint32Array(batch.prompts * policy.promptLength);
  for (let p = 0; p < batch.prompts; p++) {
    const at = Math.floor((p * records) / batch.prompts) * RECORD_SIZE;
    prompts.set(bank.records.subarray(at, at + policy.promptLength), p * policy.promptLength);
  }
  const state = new Uint32Array(STATE_SIZE);
  memory.write('parameters', weights);
  memory.write('hyper', packHyper({ ...config, rollout: { ...config.rollout, temperature: 1 } }, []));
  memory.write('batch.prompt', prompts);
  let step = 0;
  const sample = async () => {
    state[STATE.step] = step++;
    memory.write('state', state);
    program.run();
    const [tokens, logp] = await Promise.all([memory.read('batch.response'), memory.read('batch.logp')]);
    return { tokens: tokens as Uint32Array, logp: logp as Float32Array };
  };
  return { policy, batch, parameters, plan, memory, weights, prompts, sample };
}

/** Rollout sampling with its log-probabilities on the CPU, against the same model in TensorFlow.js on WebGPU. */
export async function benchSampling(
  backend: Backend,
  config: Config,
  start: Start,
  peers: Peers,
  roofline: Roofline,
  { repeats, say, out }: { repeats: number; say: (text: string) => void; out: (text: string) => void },
): Promise<SamplingReport> {
  say('sampling');
  const ours = await ourSampler(backend, config, start);
  const { policy, batch } = ours;
  const [N, T] = [batch.prompts * batch.group, policy.responseLength];
  const rivals: { name: string; policy: TfPolicy }[] = [];
  const report: SamplingReport = { rows: [], error: null, fraction: 0, length: 0, claims: [], agree: true };
  try {
    const { tokens, logp } = await ours.sample();
    const lengths = (await ours.memory.read('batch.length')) as Uint32Array;
    report.length = lengths.reduce((s, n) => s + n, 0) / N;
    const tf = peers.tf?.backends.includes('webgpu') ? peers.tf.tf : undefined;
    if (tf) {
      await tf.setBackend('webgpu');
      const forced = new Int32Array(N * T);
      for (let i = 0; i < N; i++) for (let t = 0; t < T; t++) forced[t * N + i] = tokens[i * T + t];
      for (const form of ['single', 'grouped'] as const) {
        const rival = new TfPolicy(tf, policy, batch, ours.parameters, ours.weights, ours.prompts, form);
        rivals.push({ name: `TensorFlow.js webgpu (${form})`, policy: rival });
        const theirs = (await rival.sample(forced)).logp;
        let error = 0;
        for (let i = 0; i < N; i++)
          for (let t = 0; t < lengths[i]; t++) error = Math.max(error, Math.abs(theirs[t * N + i] - logp[i * T + t]) || 0);
        report.error = Math.max(report.error ?? 0, error);
        if (error > TOLERANCE) {
          report.agree = false;
          out(`MISMATCH: sampling, ${form}: a token's log-probability differs by ${error} (at most ${TOLERANCE})`);
        }
      }
    }
    const contenders = [
      { name: `MCPO Lab ${backend.kind}`, run: () => ours.sample() },
      ...rivals.map((r) => ({ name: r.name, run: () => r.policy.sample() })),
    ];
    const seconds = await interleave(contenders, { least: Math.min(3, repeats), most: repeats, seconds: 30 });
    report.rows = contenders.map(({ name }, i) => ({ name, seconds: seconds[i], rolloutsPerSecond: N / seconds[i] }));
    report.fraction = planRoof(ours.plan, 1, roofline) / seconds[0];
  } finally {
    ours.memory.destroy();
    for (const r of rivals) r.policy.destroy();
  }
  print(report, N, T, out);
  return report;
}

function print(report: SamplingReport, rollouts: number, T: number, out: (text: string) => void): void {
  const [own, ...others] = report.rows;
  out(
    `\nSampling ${rollouts} rollouts of up to ${T} tokens with their log-probabilities (ours: ${report.length.toFixed(1)} on average), read back`,
  );
  const rows = report.rows.map((r) => [
    r.name,
    ms(r.seconds),
    digits(r.rolloutsPerSecond),
    `${(r.seconds / own.seconds).toFixed(2)}x`,
  ]);
  for (const line of table(['', 'median ms', 'rollouts/s', 'to ours'], rows)) out(line);
  out(`ours at ${percent(report.fraction)} of the roof`);
  if (report.error !== null) out(`log-probabilities of the same tokens differ by at most ${report.error.toExponential(0)}`);
  if (!others.length) return;
  const fastest = others.reduce((a, b) => (b.seconds < a.seconds ? b : a));
  const ratio = fastest.seconds / own.seconds;
  report.claims.push({ text: `sampling: ${digits(ratio)}x ${fastest.name}`, target: `${TARGET}x`, met: ratio >= TARGET });
}
