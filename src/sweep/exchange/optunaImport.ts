import { isHeldOut } from '../objective';
import type { Assignment, Entry, SweepSpec, TrialState } from '../types';
import { withNumbers } from './exactText';
import { studySpec } from './foreignSpec';
import { type Found, MOST_STEPS, trialEntries } from './found';
import { curveName, type KeptSweep, type KeptTrial, OWN, optunaState } from './optunaKept';
import { FIXED, type OptunaStudy, type OptunaTrial, replay } from './optunaLog';

const STATES: readonly TrialState[] = ['running', 'finished', 'pruned', 'failed', 'waiting'];

/** One of our exports, unless Optuna went on with the trial. */
function ownTrial(t: OptunaTrial): Found | null {
  const kept = t.user[`${OWN}trial`] as KeptTrial | undefined;
  if (!kept || optunaState(kept) !== t.state) return null;
  const { values, seed, state, why, step, value, curve, point, byHand } = kept;
  const evaluations = kept.evaluations.map((e) => ({ ...e, result: withNumbers(e.result) }));
  return { values, seed, state, why, step, value, ended: kept.ended ?? 0, curve, evaluations, point, byHand };
}

/** Smallest number of steps between reports, and by how much they are shifted so that the first is after step 0. */
function pace(trials: readonly OptunaTrial[]): { shift: number; report: number } {
  const steps = trials.flatMap((t) => [...t.reports.keys()]);
  const shift = steps.includes(0) ? 1 : 0;
  const divisor = (a: number, b: number): number => (b ? divisor(b, a % b) : a);
  return { shift, report: steps.reduce((g, s) => divisor(g, s + shift), 0) || 1 };
}

function foreignTrial(t: OptunaTrial, { fields, objective }: SweepSpec, shift: number, order: number): Found {
  const given = { ...(t.system[FIXED] as Assignment | undefined), ...t.params };
  const values = Object.fromEntries(fields.flatMap(({ field }) => (given[field] === undefined ? [] : [[field, given[field]]])));
  const said = t.user.seed ?? given.seed ?? 0;
  const seed = Number.isInteger(said) && (said as number) >= 0 && (said as number) < 2 ** 32 ? (said as number) : 0;
  const step = Math.max(0, ...[...t.reports.keys()].map((s) => s + shift));
  if (step > MOST_STEPS) throw new Error(`a trial reports step ${step} (at most ${MOST_STEPS})`);
  const curve = new Array<number | null>(step).fill(null);
  // Reports of a held-out objective are not its training metric.
  if (!isHeldOut(objective)) for (const [s, value] of t.reports) if (s + shift > 0) curve[s + shift - 1] = value;
  const state = STATES[t.state] ?? 'failed';
  return {
    values,
    seed,
    state,
    why: '',
    step,
    value: state === 'waiting' || state === 'running' ? null : t.value,
    ended: order + t.ended,
    curve,
    evaluations: [],
    point: null,
    byHand: false,
  };
}

/** Trials by point and seed: those that say their point, then the others by equal values; a seed met again begins another point. */
function pointsOf(found: readonly Found[]): Map<number, Found>[] {
  const own = new Map<number, Map<number, Found>>();
  for (const t of found) if (t.point !== null) own.set(t.point, (own.get(t.point) ?? new Map<number, Found>()).set(t.seed, t));
  const points = [...own].sort(([a], [b]) => a - b).map(([, trials]) => trials);
  const open = new Map<string, Map<number, Found>[]>();
  for (const t of found) {
    if (t.point !== null) continue;
    const key = JSON.stringify(Object.entries(t.values).sort());
    const alike = open.get(key) ?? [];
    open.set(key, alike);
    let place = alike.find((trials) => !trials.has(t.seed));
    if (!place) {
      place = new Map();
      alike.push(place);
      points.push(place);
    }
    place.set(t.seed, t);
  }
  return points;
}

function chosen(studies: readonly OptunaStudy[], name: string | undefined): OptunaStudy {
  const found = name === undefined ? studies : studies.filter((s) => s.name === name);
  if (found.length === 1) return found[0];
  const names = studies.map((s) => s.name).join(', ');
  throw new Error(studies.length ? `the file has ${studies.length} studies: ${names} (one)` : 'the file has no study (one)');
}

/**
 * A journal of our own out of a journal file of Optuna's, for viewing. What `toOptuna` wrote comes back as it was. Another study must
 * have parameters by key paths of the schema (`contrast.tau`); its trials of equal parameters are a point's seeds, told apart by their
 * user attribute or parameter `seed`; its reports are a metric named as the study's objective, or `value`, without averaging.
 * @param name of the study, where the file has several
 * @throws Error naming line, study or parameter, and fault
 */
export function fromOptuna(text: string, name?: string): Entry[] {
  const study = chosen(replay(text), name);
  if (study.directions.length !== 1) throw new Error(`the study ${study.name} has ${study.directions.length} objectives (one)`);
  const kept = study.user[`${OWN}sweep`] as KeptSweep | undefined;
  const own = study.trials.map(ownTrial);
  const others = study.trials.filter((_, i) => !own[i]);
  const { shift, report } = pace(others);
  const known = kept?.spec ?? studySpec(study, report);
  const last = own.reduce((n, t) => n + (t ? 1 : 0), 0);
  const found = study.trials
    .map((t, i) => own[i] ?? foreignTrial(t, known, kept ? 0 : shift, last))
    // Asked for, and without any value yet: there is nothing to show.
    .filter((t) => Object.keys(t.values).length || !known.fields.length);
  const points = pointsOf(found);
  // A study that tries nothing twice has no seeds to compare: then each trial is a point of its own, whatever its seed was.
  if (!kept && points.every((p) => p.size === 1)) points.forEach((p, i) => (points[i] = new Map([[0, [...p.values()][0]]])));
  const met = points.flatMap((p) => [...p.keys()]).sort((x, y) => x - y);
  const seeds = [...new Set([...(kept ? known.seeds : []), ...met])];
  const spec: SweepSpec = { ...known, seeds: seeds.length ? seeds : [0] };
  const { version = 'Optuna', backend = 'optuna', adapter = 'Optuna', memory = 0, at = 0 } = kept ?? {};
  const entries: Entry[] = [{ type: 'sweep', spec, version, backend, adapter, memory, at }];
  entries.push(...trialEntries(points, spec.seeds, curveName({ spec }), 'the study has no trial of this seed'));
  if (!kept) return entries;
  if (JSON.stringify(kept.budget) !== JSON.stringify(spec.budget))
    entries.push({ type: 'order', order: { kind: 'budget', budget: kept.budget } });
  if (kept.queue.length) entries.push({ type: 'order', order: { kind: 'add', points: kept.queue } });
  if (kept.stopped) entries.push({ type: 'order', order: { kind: 'stop' } });
  if (kept.rounds >= 0) entries.push({ type: 'round', round: kept.rounds, seconds: kept.seconds });
  return entries;
}
