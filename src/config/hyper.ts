import { FIELDS, getValue } from './fields';
import type { Config } from './schema';

/**
 * The `hyper` buffer, f32[R, HYPER_SIZE]: the per-run fields of each run, so that one fleet may mix methods and
 * hyper-parameters. Offsets come from the schema; WGSL sees them as constants `HYPER_CONTRAST_TAU` and so on.
 * The seed lies in the `state` buffer instead (f32 cannot hold 32 bits), the domain mix follows the scalar fields.
 */
const scalars = FIELDS.filter((f) => f.scope === 'run' && f.kind !== 'text' && f.path !== 'seed');

/** Offset of each per-run scalar field in one run's part of `hyper`. */
export const HYPER: Readonly<Record<string, number>> = Object.fromEntries(scalars.map((f, i) => [f.path, i]));
/** Offset of the first domain's share; one entry per domain follows. */
export const HYPER_MIX = scalars.length;
/** Room for domains in the fleet's buffers. */
export const MAX_DOMAINS = 8;
/** f32 per run in `hyper`. */
export const HYPER_SIZE = HYPER_MIX + MAX_DOMAINS;

const constantName = (path: string) =>
  path
    .replace(/([A-Z])/g, '_$1')
    .replaceAll('.', '_')
    .toUpperCase();

/** A choice as `hyper` holds it: its index among the field's options. @throws Error for an option that the field does not have */
export function choiceIndex(path: string, option: string): number {
  const index = scalars.find((f) => f.path === path)?.options?.indexOf(option) ?? -1;
  if (index < 0) throw new Error(`${path} has no option ${option}`);
  return index;
}

/** WGSL constants for the offsets (`HYPER_CONTRAST_SCOPE`) and for the options of choices (`CONTRAST_SCOPE_PROMPT`, an f32); put it into a kernel's `uses`. */
export const hyperWgsl: string = [
  ...scalars.map((f, i) => `const HYPER_${constantName(f.path)}: u32 = ${i}u;`),
  ...scalars.flatMap((f) => (f.options ?? []).map((option, i) => `const ${constantName(`${f.path}.${option}`)}: f32 = ${i}.0;`)),
  `const MAX_DOMAINS: u32 = ${MAX_DOMAINS}u;`,
  `const HYPER_MIX: u32 = ${HYPER_MIX}u;`,
  `const HYPER_SIZE: u32 = ${HYPER_SIZE}u;`,
].join('\n');

/** One run's part of `hyper`. `mix`: share of each domain, summing to 1. */
export function packHyper(config: Config, mix: readonly number[]): Float32Array {
  const out = new Float32Array(HYPER_SIZE);
  for (const f of scalars) {
    const value = getValue(config, f.path);
    out[HYPER[f.path]] = f.options ? f.options.indexOf(String(value)) : Number(value);
  }
  out.set(mix, HYPER_MIX);
  return out;
}
