import { expect, test } from 'vitest';
import { resolve } from '../../src/config/resolve';
import { experimentOf } from '../../src/store/experimentOf';
import { lanesOf, type Race, runConfigs } from '../../src/store/lanes';

/** Runs as an experiment of the page makes them, without its link. */
function runsOf(race: Race | null, seeds: number, presets = ['tiny', 'mcpo-grpo']) {
  const experiment = { presets, config: resolve(presets, { seed: 4, rollout: { group: 4 } }), race, seeds };
  const lanes = lanesOf(experiment);
  return runConfigs(lanes, seeds).map(({ lane, config }) => ({ presets: [...lanes[lane].presets], config, link: '' }));
}

const METHODS: Race = { kind: 'methods', names: ['grpo', 'mcpo-grpo'] };
const FIELD: Race = { kind: 'field', path: 'contrast.lambda', values: ['0', '0.5'] };

test.each([
  ['one run', null, 1],
  ['seeds', null, 3],
  ['methods', METHODS, 1],
  ['methods over seeds', METHODS, 2],
  ['values of a field over seeds', FIELD, 2],
] as const)('%s: found again from the runs alone', (_, race, seeds) => {
  const runs = runsOf(race, seeds);
  const found = experimentOf(runs);
  expect(found).toMatchObject({ race, seeds });
  if (!found) return;
  expect(runConfigs(lanesOf(found), found.seeds).map((r) => r.config)).toEqual(runs.map((r) => r.config));
});

test('the link counts where it makes the same runs, and only there', () => {
  const [run] = runsOf(null, 1);
  const link = 'v=1&preset=tiny&preset=mcpo-grpo&rollout.group=4&seed=4';
  expect(experimentOf([{ ...run, link }])?.config).toEqual(run.config);
  // One run that is left of a race goes on alone.
  expect(experimentOf([{ ...run, link: `${link}&race=grpo,mcpo-grpo` }])).toMatchObject({ race: null, seeds: 1 });
});

test('runs that no experiment makes are told from others', () => {
  const runs = runsOf(METHODS, 2);
  expect(experimentOf(runs.slice(1))).toBeNull();
  expect(experimentOf([...runsOf(null, 1), ...runsOf(null, 1, ['tiny', 'grpo']), ...runsOf(null, 1)])).toBeNull();
});
