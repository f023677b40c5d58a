import type { Config } from '../config/schema';
import type { Data } from '../gpu/kernel';
import { NONE } from '../kernels/state';
import { type Bank, explain, RECORD_SIZE } from '../tasks/bank';
import { RECORD } from '../tasks/record';
import { DOMAINS } from '../tasks/registry';
import { show } from '../tasks/vocabulary';
import type { Frame } from './frame';
import type { TrainShape } from './trainPlan';

/** One run's part of a resource, by the resource's name. */
export type ReadPart = (name: string) => Promise<Data>;

/** Words of one record of a bank. */
export const recordAt = (records: Uint32Array, at: number): Uint32Array =>
  records.subarray(at * RECORD_SIZE, (at + 1) * RECORD_SIZE);

/** Text of a record's prompt. */
export const promptText = (record: Uint32Array, promptLength: number): string => show(record.subarray(0, promptLength));

/** Which rollouts of a run's batch a frame holds, and when. */
export interface PoolPlace {
  run: number;
  /** Steps done when these rollouts have been trained on. */
  step: number;
  /** The last mini-batch with all that its update measured, or the whole batch with its advantages, but without vectors and tokens. */
  part: 'lastMiniBatch' | 'batch';
}

/** The rollouts of one run's training memory as a frame, without the places that its sampler left empty. */
export async function poolFrame(
  read: ReadPart,
  { batch, policy, head }: Pick<TrainShape, 'batch' | 'policy' | 'head'>,
  bank: Bank,
  config: Config,
  { run, step, part }: PoolPlace,
): Promise<Frame> {
  const { group } = batch;
  const { responseLength: T, promptLength } = policy;
  const last = part === 'lastMiniBatch';
  const prompts = last ? batch.prompts / batch.miniBatches : batch.prompts;
  const first = batch.prompts - prompts;
  const names = ['record', 'reward', 'score', 'advantage', 'response', 'length', 'logp'].map((name) => `batch.${name}`);
  const [parts, stats, z] = await Promise.all([
    Promise.all(names.map(read)),
    last ? read('policy.tokenStats') : null,
    last && head ? read('contrast.z') : null,
  ]);
  const [record, reward, score, advantage, response, length, logp] = parts;
  const places = Array.from({ length: prompts }, (_, m) => m).filter((m) => record[first + m] !== NONE);
  /** Rollouts of the frame, counted within the part. */
  const rows = places.flatMap((m) => Array.from({ length: group }, (_, j) => m * group + j));
  const n = rows.length;
  const wordsOf = (place: number) => recordAt(bank.records, record[first + place]);
  const floats = (data: Data, width: number, at: (row: number) => number) => {
    const out = new Float32Array(n * width);
    rows.forEach((row, i) => out.set(data.subarray(at(row) * width, (at(row) + 1) * width), i * width));
    return out;
  };
  const inBatch = (row: number) => first * group + row;
  const labels = (word: number) => Uint32Array.from(rows, (row) => wordsOf(Math.floor(row / group))[word]);
  const tokens = Uint32Array.from(floats(response, T, inBatch));
  const lengths = Uint32Array.from(rows, (row) => length[inBatch(row)]);
  return {
    source: 'pool',
    run,
    step,
    n,
    domains: DOMAINS.map((d) => d.id),
    columns: bank.columns.map((c) => c.column),
    domain: labels(RECORD.domain),
    column: labels(RECORD.column),
    prompt: Uint32Array.from({ length: n }, (_, i) => Math.floor(i / group)),
    reward: floats(reward, 1, inBatch),
    advantage: floats(advantage, 1, inBatch),
    score: floats(score, 1, inBatch),
    vectors: z && head ? floats(z, head.width, (row) => row) : null,
    width: z && head ? head.width : 0,
    promptText: places.map((m) => promptText(wordsOf(m), promptLength)),
    reason: rows.map((row, i) => explain(wordsOf(Math.floor(row / group)), tokens.subarray(i * T, (i + 1) * T), lengths[i])),
    response: tokens,
    length: lengths,
    responseLength: T,
    tokens:
      stats &&
      tokenValues(
        floats(stats, 4 * T, (row) => row),
        floats(logp, T, inBatch),
        config.objective.entropy,
      ),
  };
}

/** `policy.tokenStats` f32[N, T, 4] → what a frame tells of each token; the objective is (3) alone, its entropy bonus taken out again. */
function tokenValues(stats: Float32Array, logp: Float32Array, bonus: number): Frame['tokens'] {
  const pick = (k: number) => Float32Array.from(logp, (_, at) => stats[4 * at + k]);
  const [loss, entropy, ratio] = [pick(0), pick(1), pick(2)];
  return { logp, ratio, entropy, objective: loss.map((l, at) => l + bonus * entropy[at]) };
}
