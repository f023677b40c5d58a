import { createRequire } from 'node:module';
import type * as TensorFlow from '@tensorflow/tfjs-core';

export type Tf = typeof TensorFlow;
export type Jax = typeof import('@jax-js/jax');

/** A peer that could be loaded, or why not. */
export interface Peers {
  tf?: { tf: Tf; version: string; backends: readonly string[] };
  jax?: { jax: Jax; version: string; backends: readonly string[] };
  /** What is missing, in words. */
  missing: string[];
}

const require = createRequire(import.meta.url);
const reason = (error: unknown) => (error as Error).message.split('\n')[0];
const versionOf = (name: string) => {
  // `exports` of a package may hide its package.json: found from its entry point.
  const entry = require.resolve(name);
  return require(`${entry.slice(0, entry.lastIndexOf(name) + name.length)}/package.json`).version as string;
};

/** The peers look for `navigator.gpu`, and read `userAgent` and `hardwareConcurrency`: give them Dawn's, on the same adapter as ours. */
function provideNavigator(): void {
  if (!globalThis.navigator)
    Object.defineProperty(globalThis, 'navigator', {
      value: { userAgent: 'Node.js', hardwareConcurrency: 1 },
      configurable: true,
    });
  const gpu = globalThis.dawnInstance;
  if (gpu) Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, configurable: true });
}

/**
 * tfjs-core's bundle for Node leaves the gradients out (the `@tensorflow/tfjs` package has them, with much that is not needed here):
 * its single files register them in the same global table.
 */
async function registerGradients(entry: string): Promise<void> {
  const path = entry.replace(/[^/]+$/, 'register_all_gradients.js');
  await import(/* @vite-ignore */ path);
}

async function loadTf(missing: string[]): Promise<Peers['tf']> {
  try {
    const name = '@tensorflow/tfjs-core';
    const tf = require(name) as Tf;
    tf.enableProdMode();
    await registerGradients(require.resolve(name));
    const backends: string[] = [];
    for (const backend of ['webgpu', 'wasm']) {
      try {
        require(`@tensorflow/tfjs-backend-${backend}`);
        if (!(await tf.setBackend(backend))) throw new Error('no device');
        await tf.ready();
        backends.push(backend);
      } catch (error) {
        missing.push(`TensorFlow.js ${backend}: ${reason(error)}`);
      }
    }
    return { tf, version: versionOf(name), backends };
  } catch (error) {
    missing.push(`TensorFlow.js: ${reason(error)}`);
    return undefined;
  }
}

async function loadJax(missing: string[]): Promise<Peers['jax']> {
  try {
    const jax = await import('@jax-js/jax');
    const found = await jax.init();
    const backends = ['webgpu', 'wasm'].filter((b) => found.includes(b as 'webgpu' | 'wasm'));
    if (!backends.includes('webgpu')) missing.push('jax-js webgpu: no device');
    return { jax, version: versionOf('@jax-js/jax'), backends };
  } catch (error) {
    missing.push(`jax-js: ${reason(error)}`);
    return undefined;
  }
}

/** Loads what is installed. Call it after our own backend is made: Dawn's instance is shared. */
export async function loadPeers(wanted: { tf: boolean; jax: boolean }): Promise<Peers> {
  provideNavigator();
  const missing: string[] = [];
  const tf = wanted.tf ? await loadTf(missing) : undefined;
  const jax = wanted.jax ? await loadJax(missing) : undefined;
  return { ...(tf ? { tf } : {}), ...(jax ? { jax } : {}), missing };
}
