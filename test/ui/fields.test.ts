import { describe, expect, test } from 'vitest';
import { FIELDS, field, getValue, type Value } from '../../src/config/fields';
import { PRESETS } from '../../src/config/presets';
import { merged, nest, resolve } from '../../src/config/resolve';
import type { Layer } from '../../src/config/schema';
import { baseKey } from '../../src/host/base';
import { DOMAINS } from '../../src/tasks/registry';
import { GROUPS, needsBase, sections, TOP } from '../../src/ui/fields/groups';
import { readMix, sharesOf, writeMix } from '../../src/ui/fields/mix';
import { fromPosition, nudge, snap, type Track, toPosition, trackOf } from '../../src/ui/fields/scale';
import { matches } from '../../src/ui/fields/search';
import { otherSeed } from '../../src/ui/fields/seed';

const track = (path: string) => trackOf(field(path)) as Track;
const TRACKS = FIELDS.flatMap((f) => {
  const t = trackOf(f);
  return t ? [{ f, t }] : [];
});

describe('sliders', () => {
  test('every number but the seeds has one, and its ends are the field’s bounds', () => {
    const without = FIELDS.filter((f) => (f.kind === 'integer' || f.kind === 'number') && !trackOf(f)).map((f) => f.path);
    expect(without).toEqual(['seed', 'tasks.world']);
    for (const { f, t } of TRACKS) {
      expect(fromPosition(t, 0), f.path).toBe(f.min);
      expect(fromPosition(t, 1), f.path).toBe(f.max);
    }
  });

  test('fields that the schema calls logarithmic, or whose bound is far from the usual value, run in decades', () => {
    for (const { f, t } of TRACKS) if (f.scale === 'log') expect(t.kind, f.path).toBe('log');
    expect(track('contrast.beta')).toMatchObject({ kind: 'log', min: 0, low: 0.005 });
    expect(track('eval.every')).toMatchObject({ kind: 'log', min: 0, low: 1 });
    expect(track('warmStart.noiseTool')).toMatchObject({ kind: 'linear', step: 0.01 });
    expect(track('policy.layers')).toMatchObject({ kind: 'linear', step: 1 });
  });

  test('usual values sit away from the ends, where they can be moved', () => {
    for (const { f, t } of TRACKS) {
      const usual = f.default as number;
      if (usual === f.min || usual === f.max || /beta[12]$/.test(f.path)) continue;
      const at = toPosition(t, usual);
      expect(at, f.path).toBeGreaterThan(0.08);
      expect(at, f.path).toBeLessThan(0.95);
    }
  });

  test('position and value agree along the whole slider, and values have few digits', () => {
    for (const { f, t } of TRACKS) {
      let last = Number.NEGATIVE_INFINITY;
      for (let p = 0; p <= 1; p += 1 / 64) {
        const value = fromPosition(t, p);
        expect(value, `${f.path} at ${p}`).toBeGreaterThanOrEqual(last);
        expect(fromPosition(t, toPosition(t, value)), `${f.path} at ${p}`).toBe(value);
        if (value !== f.max)
          expect(
            String(value)
              .replace(/e.*|[-.]/g, '')
              .replace(/^0+|0+$/g, '').length,
          ).toBeLessThan(5);
        last = value;
      }
    }
  });

  test('zero is a stop of its own below the decades', () => {
    const t = track('contrast.lambda');
    expect(fromPosition(t, 0.01)).toBe(0);
    expect(fromPosition(t, 0.06)).toBe(t.low);
    expect(toPosition(t, 0)).toBe(0);
    expect(toPosition(t, 0.1)).toBeCloseTo(0.06 + (0.94 * 2) / 5, 10);
  });

  test('the paper’s value draws the thumb', () => {
    const t = track('optimizer.beta2');
    expect(fromPosition(t, toPosition(t, 0.999) - 0.005, [0.999])).toBe(0.999);
    expect(fromPosition(t, toPosition(t, 0.999) - 0.05, [0.999])).not.toBe(0.999);
  });
});

describe('keys', () => {
  const walk = (path: string, from: number, steps: number, coarse = false) => {
    const out = [];
    for (let i = 0, at = from; i < Math.abs(steps); i++) out.push((at = nudge(track(path), at, steps > 0 ? 1 : -1, coarse)));
    return out;
  };

  test('logarithmic fields go in tenths of a decade of two digits, there and back', () => {
    expect(walk('contrast.tau', 0.1, 4)).toEqual([0.13, 0.16, 0.2, 0.25]);
    expect(walk('contrast.tau', 0.25, -4)).toEqual([0.2, 0.16, 0.13, 0.1]);
    expect(walk('optimizer.lr', 1e-7, 3)).toEqual([1.3e-7, 1.6e-7, 2e-7]);
    expect(walk('contrast.tau', 0.1, 3, true)).toEqual([0.32, 1, 2]);
  });

  test('down to zero and up from it', () => {
    expect(walk('contrast.lambda', 0.0013, -3)).toEqual([0.001, 0, 0]);
    expect(walk('contrast.lambda', 0, 2)).toEqual([0.001, 0.0013]);
  });

  test('whole numbers always move by one at least', () => {
    expect(walk('rollout.group', 1, 6)).toEqual([2, 3, 4, 5, 6, 8]);
    expect(walk('rollout.group', 50, 3)).toEqual([63, 64, 64]);
    expect(walk('warmStart.steps', 1, -2)).toEqual([0, 0]);
  });

  test('linear fields go along their grid and stop at the bounds', () => {
    expect(walk('warmStart.noiseTool', 0.305, 2)).toEqual([0.31, 0.32]);
    expect(walk('warmStart.noiseTool', 0.98, 3)).toEqual([0.99, 1, 1]);
    expect(walk('warmStart.noiseTool', 0.5, -2, true)).toEqual([0.4, 0.3]);
    expect(walk('policy.layers', 2, 1)).toEqual([3]);
  });

  test('every field reaches both bounds by keys', () => {
    for (const { f, t } of TRACKS)
      for (const [direction, bound] of [
        [1, f.max],
        [-1, f.min],
      ] as const) {
        let at = f.default as number;
        for (let i = 0; i < 300 && at !== bound; i++) at = nudge(t, at, direction);
        expect(at, f.path).toBe(bound);
      }
  });

  test('whole numbers snap to what the rest allows, in the direction of the move', () => {
    const by16 = (v: number) => v % 16 === 0;
    const t = track('policy.width');
    expect(snap(t, 50, 0, by16)).toBe(48);
    expect(snap(t, 50, 1, by16)).toBe(64);
    expect(snap(t, 40, -1, by16)).toBe(32);
    expect(snap(t, 50, 0, () => false)).toBe(50);
    expect(snap(track('contrast.tau'), 0.13, 1, () => false)).toBe(0.13);
  });
});

describe('search', () => {
  const find = (query: string) => FIELDS.filter((f) => matches(f, query)).map((f) => f.path);

  test('finds the clip range by symbol, by its name and by word', () => {
    for (const query of ['ε', 'clip', 'epsilon', 'CLIP range', 'clip high', 'objective.clipHigh'])
      expect(find(query), query).toContain('objective.clipHigh');
    expect(find('ε')).toEqual(['optimizer.epsilon', 'objective.clipLow', 'objective.clipHigh']);
  });

  test('all words must occur, in the help too', () => {
    expect(find('warm-up contrastive')).toContain('contrast.warmup');
    expect(find('dr. grpo')).toEqual(['objective.normalizeStd']);
    expect(find('supcon')).toContain('clipo.loss');
    expect(find('clip nonsense')).toEqual([]);
    expect(find('  ')).toHaveLength(FIELDS.length);
  });
});

describe('groups', () => {
  test('hold every field once', () => {
    const all = [...TOP, ...GROUPS.flatMap((g) => g.fields.map((f) => f.path))];
    expect(all.toSorted()).toEqual(FIELDS.map((f) => f.path).toSorted());
    for (const g of GROUPS) for (const path of g.digest) expect(g.fields.map((f) => f.path)).toContain(path);
  });

  test('the chosen method’s come first, whatever the method', () => {
    const own = (method: string) => sections(resolve(['tiny', method])).own.map((g) => g.id);
    expect(own('mcpo-grpo')).toEqual(['contrast', 'head', 'objective']);
    expect(own('grpo')).toEqual(['objective']);
    expect(own('clipo')).toEqual(['clipo', 'objective']);
    expect(own('mgs')).toEqual(['surgery', 'objective']);
    expect(own('mt-grpo')).toEqual(['curriculum', 'sampler', 'objective']);
    expect(own('dapo')).toEqual(['sampler', 'reward', 'objective']);
    for (const p of PRESETS.filter((x) => x.kind === 'method')) {
      const { own: a, common: b, unused: c } = sections(resolve([p.name]));
      expect(a.length + b.length + c.length).toBe(GROUPS.length);
    }
  });

  test('fields are said to need another base exactly where the engine looks for one', () => {
    const config = resolve(['tiny', 'mcpo-grpo']);
    const others = (path: string): Value[] => {
      const f = field(path);
      const value = getValue(config, path);
      if (f.options) return f.options.filter((o) => o !== value);
      if (f.kind === 'boolean') return [!value];
      if (f.kind === 'text') return ['math:1'];
      return [1, 2, 4, 8, 16, 64, 0.5].map((by) => Number(value) + by).concat(f.min ?? 0);
    };
    for (const f of FIELDS) {
      const changed = others(f.path).flatMap((value) => {
        try {
          return value === getValue(config, f.path) ? [] : [merged(config, nest(f.path, value) as Layer)];
        } catch {
          return [];
        }
      });
      expect(changed.length, f.path).toBeGreaterThan(0);
      expect(baseKey(changed[0]) !== baseKey(config), f.path).toBe(needsBase(f.path));
    }
  });
});

describe('mix', () => {
  const ids = DOMAINS.map((d) => d.id);

  test('text and weights', () => {
    expect(readMix('math:2, code:0.5', ids)).toEqual([2, 0.5, 0, 0, 0]);
    expect(writeMix([2, 0.5, 0, 0, 0], ids)).toBe('math:2,code:0.5');
    expect(readMix(String(field('warmStart.mix').default), ids)).toEqual([5, 2, 5, 3, 2]);
    for (const bad of ['maths:1', 'math:-1', 'math', 'math:1:2', 'math:x']) expect(readMix(bad, ids), bad).toBeNull();
  });

  test('shares sum to one', () => {
    expect(sharesOf([1, 3])).toEqual([0.25, 0.75]);
    expect(sharesOf([0, 0])).toEqual([0, 0]);
  });
});

test('another seed is never the same and comes back only after all 10 000', () => {
  const seen = new Set<number>();
  for (let seed = 0; !seen.has(seed); seed = otherSeed(seed)) seen.add(seed);
  expect(seen.size).toBe(10_000);
  expect(otherSeed(4294967295)).toBeLessThan(10_000);
});
