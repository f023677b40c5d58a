import type { EntryTime } from './backend';
import type { Plan } from './plan';

/** Records entry `entry` of a plan into a pass. */
export type Recorder = (pass: GPUComputePassEncoder, entry: number) => void;
const median = (xs: number[]) => xs.sort((a, b) => a - b)[xs.length >> 1];
const timed = (plan: Plan, seconds: number[][]): EntryTime[] =>
  plan.dispatches.map((d, i) => ({ label: d.label, kernel: d.kernel.name, seconds: median(seconds[i]) }));

/** Times every entry of a plan by timestamp queries, each entry in a pass of its own: medians over `repeats` replays. */
export async function profileByTimestamps(
  device: GPUDevice,
  plan: Plan,
  record: Recorder,
  repeats: number,
): Promise<EntryTime[]> {
  const count = plan.dispatches.length;
  const seconds: number[][] = plan.dispatches.map(() => []);
  const querySet = device.createQuerySet({ type: 'timestamp', count: 2 * count });
  const resolved = device.createBuffer({ size: 16 * count, usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC });
  const staging = device.createBuffer({ size: 16 * count, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  for (let t = 0; t < repeats; t++) {
    const encoder = device.createCommandEncoder();
    for (let i = 0; i < count; i++) {
      const pass = encoder.beginComputePass({
        timestampWrites: { querySet, beginningOfPassWriteIndex: 2 * i, endOfPassWriteIndex: 2 * i + 1 },
      });
      record(pass, i);
      pass.end();
    }
    encoder.resolveQuerySet(querySet, 0, 2 * count, resolved, 0);
    encoder.copyBufferToBuffer(resolved, 0, staging, 0, 16 * count);
    device.queue.submit([encoder.finish()]);
    await staging.mapAsync(GPUMapMode.READ);
    const times = new BigInt64Array(staging.getMappedRange());
    for (let i = 0; i < count; i++) seconds[i].push(Number(times[2 * i + 1] - times[2 * i]) * 1e-9);
    staging.unmap();
  }
  querySet.destroy();
  resolved.destroy();
  staging.destroy();
  return timed(plan, seconds);
}

/** Without timestamp queries: each entry in a submit of its own. */
export async function profileByWaiting(device: GPUDevice, plan: Plan, record: Recorder, repeats: number): Promise<EntryTime[]> {
  const seconds: number[][] = plan.dispatches.map(() => []);
  for (let t = 0; t < repeats; t++)
    for (let i = 0; i < plan.dispatches.length; i++) {
      const start = performance.now();
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      record(pass, i);
      pass.end();
      device.queue.submit([encoder.finish()]);
      await device.queue.onSubmittedWorkDone();
      seconds[i].push((performance.now() - start) / 1000);
    }
  return timed(plan, seconds);
}
