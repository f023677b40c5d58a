import { decodeCheckpoint } from '../engine/checkpoint';
import type { Bytes, Counterfactual, StepMetrics } from './protocol';

/** What one configuration would make of a frozen batch. */
export type Outcome = Counterfactual['base'];

/** A metric that came out otherwise than predicted. */
export interface Miss {
  name: string;
  predicted: number | null;
  measured: number;
}

/** Metrics of a step beside those that were predicted, bit for bit; what the step has no data for is left out. */
export function compareMetrics(predicted: StepMetrics, measured: StepMetrics): { compared: number; misses: Miss[] } {
  const flat = ({ metrics, gradientCosine }: StepMetrics): [string, number | null][] => [
    ...Object.entries(metrics),
    ...gradientCosine.flatMap((row, a) => row.map((v, b): [string, number | null] => [`gradient cosine ${a}-${b}`, v])),
  ];
  const before = new Map(flat(predicted));
  const pairs = flat(measured).flatMap(([name, value]) =>
    value === null ? [] : [{ name, predicted: before.get(name) ?? null, measured: value }],
  );
  return { compared: pairs.length, misses: pairs.filter((p) => !Object.is(p.predicted, p.measured)) };
}

/**
 * Parameters of a checkpoint beside those that were predicted: how many there are, and how many differ in any bit (a tensor that one of
 * them lacks differs as a whole). @throws Error for bytes that are no checkpoint
 */
export function compareParameters(predicted: Outcome['parameters'], bytes: Bytes): { compared: number; differ: number } {
  const { parameters } = decodeCheckpoint(bytes, 'the checkpoint after the step');
  let [compared, differ] = [0, 0];
  for (const name of new Set([...predicted.keys(), ...parameters.keys()])) {
    const [a, b] = [predicted.get(name)?.data, parameters.get(name)?.data];
    const length = Math.max(a?.length ?? 0, b?.length ?? 0);
    compared += length;
    if (!a || !b || a.length !== b.length) differ += length;
    else for (let i = 0; i < length; i++) if (!Object.is(a[i], b[i])) differ++;
  }
  return { compared, differ };
}
