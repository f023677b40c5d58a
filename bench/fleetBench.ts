import type { Config } from '../src/config/schema';
import { type Start, Trainer } from '../src/engine/trainer';
import type { Backend } from '../src/gpu/backend';
import { interleave } from './measure';
import { type Claim, digits, ms, table } from './table';

/** Runs side by side that are timed against one, the last of them against the target. */
const SIZES = [1, 4, 16];
/** Least gain of a fleet of 16: many small runs fill a GPU that one leaves idle, and a software adapter is full already. */
const GAIN = { gpu: 8, software: 0.9 };
/** Adapters that compute on the processor. */
const SOFTWARE = /llvmpipe|swiftshader|javascript|lavapipe|basic render/i;

export interface FleetReport {
  fleets: { runs: number; seconds: number; stepsPerSecond: number; gain: number }[];
  claims: Claim[];
}

/** Trial-steps a second of fleets of a sweep, interleaved, against one run alone. */
export async function benchFleets(
  backend: Backend,
  config: Config,
  start: Start,
  { repeats, say, out }: { repeats: number; say: (text: string) => void; out: (text: string) => void },
): Promise<FleetReport> {
  say('fleets of a sweep, interleaved');
  const trainers: Trainer[] = [];
  try {
    for (const runs of SIZES) {
      const configs = Array.from({ length: runs }, (_, seed) => ({ ...config, seed }));
      trainers.push(await Trainer.create(backend, configs, [start]));
    }
    const contenders = trainers.map((trainer, i) => ({ name: `${SIZES[i]} runs`, run: () => trainer.step() }));
    const seconds = await interleave(contenders, { least: Math.min(5, repeats), most: repeats, seconds: 120 });
    const fleets = SIZES.map((runs, i) => ({
      runs,
      seconds: seconds[i],
      stepsPerSecond: runs / seconds[i],
      gain: (runs * seconds[0]) / seconds[i],
    }));
    out('\nOne step of a fleet (gain: trial-steps a second against one run alone)');
    const rows = fleets.map((f) => [String(f.runs), ms(f.seconds), digits(f.stepsPerSecond), digits(f.gain)]);
    for (const line of table(['runs', 'ms', 'trial-steps/s', 'gain'], rows, [])) out(line);
    const { runs, gain } = fleets[fleets.length - 1];
    const software = SOFTWARE.test(backend.adapter);
    const least = software ? GAIN.software : GAIN.gpu;
    const text = `a fleet of ${runs} trains ${digits(gain)} times the trial-steps a second of one run on ${software ? 'this software adapter' : 'this GPU'}`;
    return { fleets, claims: [{ text, target: `at least ${least}`, met: gain >= least }] };
  } finally {
    for (const trainer of trainers) trainer.destroy();
  }
}
