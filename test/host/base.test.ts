import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { resolve } from '../../src/config/resolve';
import { placeParameters } from '../../src/engine/checkpoint';
import { parameterLayout } from '../../src/engine/parameters';
import { policyShape } from '../../src/engine/shape';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import { BASES, baseCheckpoint, basePath } from '../../src/host/base';

const readPublic = async (path: string) => new Uint8Array(await readFile(new URL(`../../public/${path}`, import.meta.url)));

describe('shipped base checkpoints', () => {
  it.each(BASES.map((presets) => [presets.join(' + '), presets]))(
    '%s: its configuration finds it and can use it',
    async (_, presets) => {
      const said: string[] = [];
      const config = resolve([...presets, 'grpo'], { rollout: { prompts: 10 } });
      // A warm start would end at once, and give null.
      const found = await baseCheckpoint(cpuBackend(), config, {
        readPublic,
        say: (line) => void said.push(line),
        progress: () => false,
      });
      expect(said).toEqual([]);
      expect(found?.where).toBe(basePath(presets));
      const layout = parameterLayout(policyShape(config));
      const parameters = new Float32Array(layout.size);
      placeParameters(layout, found?.checkpoint ?? expect.fail('none'), parameters, 'base');
      expect(parameters.every(Number.isFinite)).toBe(true);
    },
  );

  it('leaves a configuration without one to a warm start', async () => {
    const said: string[] = [];
    const config = resolve(['tiny', 'gru'], { policy: { width: 8 }, warmStart: { steps: 2, batch: 2 } });
    const found = await baseCheckpoint(cpuBackend(), config, { readPublic, say: (line) => void said.push(line) });
    expect(said).toEqual(['no shipped base checkpoint fits this configuration: warm start of 2 supervised steps first']);
    expect(found?.checkpoint.parameters.get('policy.layers.0.hiddenGates')?.shape).toEqual([24, 8]);
  });
});
