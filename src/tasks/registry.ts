import { ConfigError } from '../config/fields';
import { MAX_DOMAINS } from '../config/hyper';
import type { Config } from '../config/schema';
import type { Column, Domain } from './contract';
import { code } from './domains/code';
import { math } from './domains/math';
import { safety } from './domains/safety';
import { science } from './domains/science';
import { toolUse } from './domains/toolUse';

/** The domains, in the order of every per-domain buffer. Add your own here (see `contract.ts`). */
export const DOMAINS: readonly Domain[] = [math, code, science, toolUse, safety];

if (DOMAINS.length > MAX_DOMAINS) throw new Error(`${DOMAINS.length} domains (at most ${MAX_DOMAINS})`);

/** A column with its place: columns are numbered over all domains. */
export interface PlacedColumn {
  domain: number;
  /** Index within the domain's `columns`. */
  within: number;
  column: Column;
}

/** Every column, domain by domain. */
export const columnsOf = (domains: readonly Domain[] = DOMAINS): PlacedColumn[] =>
  domains.flatMap((d, domain) => d.columns.map((column, within) => ({ domain, within, column })));

/** @throws ConfigError when there is no such domain. */
export function domainOf(id: string, domains: readonly Domain[] = DOMAINS): Domain {
  const found = domains.find((d) => d.id === id);
  if (!found) throw new ConfigError(`unknown domain: ${id || '(empty)'} (one of ${domains.map((d) => d.id).join(', ')})`);
  return found;
}

/**
 * Share of each domain from text such as `math:2,code:1`; the shares sum to 1, a domain left out gets 0.
 * `path` is the field named in errors.
 * @throws ConfigError for an unknown or repeated domain, a weight that is no number ≥ 0, or no positive weight.
 */
export function parseMix(text: string, path = 'tasks.mix', domains: readonly Domain[] = DOMAINS): number[] {
  const fail = (what: string): never => {
    throw new ConfigError(`invalid ${path}: ${what}`);
  };
  const weights = domains.map(() => 0);
  const seen = new Set<string>();
  for (const part of text
    .split(',')
    .map((p) => p.trim())
    .filter(Boolean)) {
    const [id, weightText, ...rest] = part.split(':').map((p) => p.trim());
    const at = domains.findIndex((d) => d.id === id);
    if (at < 0) fail(`${id || '(empty)'} is no domain (one of ${domains.map((d) => d.id).join(', ')})`);
    if (seen.has(id)) fail(`${id} occurs twice`);
    seen.add(id);
    const weight = weightText && rest.length === 0 ? Number(weightText) : Number.NaN;
    if (!Number.isFinite(weight) || weight < 0) fail(`${part} (domain:weight with a weight of at least 0)`);
    weights[at] = weight;
  }
  const total = weights.reduce((sum, w) => sum + w, 0);
  if (!(total > 0 && Number.isFinite(total))) fail(`${text || '(empty)'} (at least one domain needs a positive weight)`);
  return weights.map((w) => w / total);
}

/** Checks the fields that name domains. @throws ConfigError */
export function checkMixes(config: Pick<Config, 'tasks' | 'warmStart'>): void {
  parseMix(config.tasks.mix, 'tasks.mix');
  parseMix(config.warmStart.mix, 'warmStart.mix');
}
