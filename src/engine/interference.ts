import { blockOf } from './surgery';

/** Gradients of the domains in one policy tensor. */
export interface ModuleInterference {
  /** Name of the tensor. */
  name: string;
  /** Block that it belongs to. */
  block: string;
  /** Cosine of the domains' gradients, [domain][domain]; null where one has no gradient. */
  cosine: (number | null)[][];
  /** Pairs of domains whose gradients point against each other. */
  conflicts: number;
}

/** How the domains' gradients of one update got on. */
export interface Interference {
  domains: string[];
  modules: ModuleInterference[];
}

/** Norms up to this have no direction: method.md 5. */
const NO_DIRECTION = 1e-8;

/**
 * Inner products → cosines and conflicts.
 * @param gram [tensor, domain, domain], flat
 * @param tensors names of the policy tensors in the order of `gram`
 */
export function interferenceOf(gram: ArrayLike<number>, domains: readonly string[], tensors: readonly string[]): Interference {
  const count = domains.length;
  const modules = tensors.map((name, q): ModuleInterference => {
    const product = (a: number, b: number) => gram[(q * count + a) * count + b];
    const norm = domains.map((_, a) => Math.sqrt(product(a, a)));
    const cosine = domains.map((_, a) =>
      domains.map((__, b) => {
        if (!(norm[a] > NO_DIRECTION && norm[b] > NO_DIRECTION && Number.isFinite(product(a, b) / (norm[a] * norm[b]))))
          return null;
        return a === b ? 1 : Math.min(1, Math.max(-1, product(a, b) / (norm[a] * norm[b])));
      }),
    );
    const conflicts = cosine.flatMap((row, a) => row.slice(a + 1)).filter((c) => c !== null && c < 0).length;
    return { name, block: blockOf(name), cosine, conflicts };
  });
  return { domains: [...domains], modules };
}
