import { blockOf } from './surgery';

/** Gradients of the domains in one policy tensor. */
export interface ModuleInterference {
  /** Name of the tensor. */
  name: string;
  /** Block that it belongs to. */
  block: string;
  /** Norm of each domain's gradient; null where it is not finite. */
  norm: (number | null)[];
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
    const { norm, cosine, conflicts } = compare(count, product);
    return { name, block: blockOf(name), norm, cosine, conflicts };
  });
  return { domains: [...domains], modules };
}

/** Norms, cosines and conflicts from the inner products of the domains' gradients. */
function compare(count: number, product: (a: number, b: number) => number): Omit<ModuleInterference, 'name' | 'block'> {
  const all = Array.from({ length: count }, (_, a) => a);
  const norm = all.map((a) => Math.sqrt(product(a, a)));
  const cosine = all.map((a) =>
    all.map((b) => {
      const value = product(a, b) / (norm[a] * norm[b]);
      if (!(norm[a] > NO_DIRECTION && norm[b] > NO_DIRECTION && Number.isFinite(value))) return null;
      return a === b ? 1 : Math.min(1, Math.max(-1, value));
    }),
  );
  const conflicts = cosine.flatMap((row, a) => row.slice(a + 1)).filter((c) => c !== null && c < 0).length;
  return { norm: norm.map((n) => (Number.isFinite(n) ? n : null)), cosine, conflicts };
}

/** Gradients of the domains in one block of the policy: attention or MLP of a layer, a recurrent layer, embedding, output. */
export interface BlockInterference extends Omit<ModuleInterference, 'name'> {
  /** Tensors in it. */
  tensors: number;
  /** Pairs of domains that both have a gradient here: `conflicts` is out of these. */
  pairs: number;
}

/** The tensors' numbers put together block by block, in the order of the blocks' first tensors: cosines of the whole blocks' gradients. */
export function summarise({ domains, modules }: Interference): BlockInterference[] {
  return [...new Set(modules.map((m) => m.block))].map((block) => {
    const own = modules.filter((m) => m.block === block);
    const product = (a: number, b: number) =>
      own.reduce(
        (sum, { norm, cosine }) => sum + (norm[a] ?? Number.NaN) * (norm[b] ?? Number.NaN) * (a === b ? 1 : (cosine[a][b] ?? 0)),
        0,
      );
    const found = compare(domains.length, product);
    const pairs = found.cosine.flatMap((row, a) => row.slice(a + 1)).filter((c) => c !== null).length;
    return { block, tensors: own.length, pairs, ...found };
  });
}
