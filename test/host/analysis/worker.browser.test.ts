import { describe, expect, it } from 'vitest';
import { Cancelled, startAnalysis } from '../../../src/host/analysis/client';
import { project } from '../../../src/host/analysis/projection';
import { makeFrame } from './frames';

describe('the analysis worker', () => {
  it('draws, inspects and stops, while this thread stays free', async () => {
    const analysis = startAnalysis();
    try {
      const frame = makeFrame({ prompts: 5, group: 6 });
      const data = { rows: frame.vectors as Float32Array, width: frame.width, label: frame.domain };
      for (const method of ['pca', 'tsne', 'umap'] as const) {
        const picture = await analysis.project(frame, { method, dimensions: 2, seed: 4 });
        expect(picture.points).toEqual(project(data, { method, dimensions: 2, seed: 4 }).points);
      }
      const large = makeFrame({ prompts: 20, group: 10 });
      let longest = 0;
      let last = performance.now();
      const clock = setInterval(() => {
        longest = Math.max(longest, performance.now() - last);
        last = performance.now();
      }, 5);
      const began = last;
      const shares: number[] = [];
      const stop = new AbortController();
      const map = analysis.project(large, { method: 'tsne', dimensions: 3 }, { progress: (share) => shares.push(share) });
      const click = await analysis.inspect(frame, frame.reward.indexOf(1), { tau: 0.1, beta: 0.5, gamma: 0.5 });
      expect(click.kind).toBe('correct');
      expect((await map).points.length).toBe(3 * large.n);
      expect(shares.length).toBeGreaterThan(1);
      expect(longest).toBeLessThan(0.3 * (performance.now() - began));
      clearInterval(clock);
      const film = analysis.filmOf([large, frame, large], { method: 'tsne', dimensions: 2 }, { signal: stop.signal });
      setTimeout(() => stop.abort(), 50);
      await expect(film).rejects.toBeInstanceOf(Cancelled);
      await expect(analysis.neighbours(frame, -1, 3)).rejects.toThrow('invalid row: -1 (0 to 89)');
    } finally {
      analysis.close();
    }
  });
});
