import { useMemo } from 'react';
import { Hint } from '../../Hint';
import { useLab } from '../../useLab';
import { type Measure, measureOf, measures, measureTitle } from '../metrics';
import { PRUNERS, PRUNING_HINT, SAMPLERS, SEEDS_HINT } from '../words';
import type { Draft } from './draft';
import { edit } from './formStore';
import { Entry, type Faults, faultAt, Line, Pick } from './Line';
import { useForm } from './useForm';

const BEST = [
  { kind: 'max', label: 'as high' },
  { kind: 'min', label: 'as low' },
] as const;
/** Trials of a sampler without an end, to begin with. */
const TRIALS = '64';
const WHEN = [
  { kind: 'end', label: 'at the end' },
  { kind: 'best', label: 'at its best' },
] as const;

/** What is best, in plain words. */
export function ObjectiveLine({ faults }: { faults: Faults }) {
  const objective = useForm((s) => s.draft.objective);
  const domains = useLab((s) => s.domains);
  const groups = useMemo(() => {
    const known = measures(domains);
    const all = known.some((m) => m.metric === objective.metric) ? known : [...known, measureOf(objective.metric, domains)];
    const names = [...new Set(all.map((m) => m.group))];
    return names.map((group): [string, Measure[]] => [group, all.filter((m) => m.group === group)]);
  }, [domains, objective.metric]);
  const set = (change: Partial<Draft['objective']>) => edit({ objective: { ...objective, ...change } });
  const chosen = measureOf(objective.metric, domains);
  const trained = !objective.metric.startsWith('heldOut/');
  const fault = faultAt(faults, 'objective');
  return (
    <Line title="Best is" hint={`What points are compared by. ${chosen.label}: ${chosen.hint}`} fault={fault}>
      <select
        className="choice"
        aria-label="What is best"
        value={objective.metric}
        onChange={(e) => set({ metric: e.target.value, direction: measureOf(e.target.value, domains).direction })}
      >
        {groups.map(([group, own]) => (
          <optgroup key={group} label={group}>
            {own.map((m) => (
              <option key={m.metric} value={m.metric}>
                {measureTitle(m)}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
      <Pick label="Direction" value={objective.direction} choices={BEST} onChange={(direction) => set({ direction })} />
      <span className="quiet">as can be,</span>
      <Pick label="When it counts" value={objective.at} choices={WHEN} onChange={(at) => set({ at })} />
      {trained && (
        <Entry
          label="Steps that it is averaged over"
          words="over"
          after="steps"
          value={objective.window}
          fault={fault}
          onChange={(window) => set({ window })}
        />
      )}
    </Line>
  );
}

export function SeedsLine({ faults }: { faults: Faults }) {
  const seeds = useForm((s) => s.draft.seeds);
  const fault = faultAt(faults, 'seeds');
  return (
    <Line title="Paired seeds" hint={SEEDS_HINT} fault={fault}>
      <Entry label="Seeds, as 0-3 or 0, 1, 2" wide value={seeds} fault={fault} onChange={(text) => edit({ seeds: text })} />
    </Line>
  );
}

/** How points are chosen. */
export function SamplerLine({ faults }: { faults: Faults }) {
  const sampler = useForm((s) => s.draft.sampler);
  const budget = useForm((s) => s.draft.budget);
  const set = (change: Partial<Draft['sampler']>) => edit({ sampler: { ...sampler, ...change } });
  /** Other samplers than the grid have no end of their own. */
  const choose = (next: Draft['sampler']['kind']) => {
    const endless = next !== 'grid' && !Object.values(budget).some((text) => text.trim());
    edit({ sampler: { ...sampler, kind: next }, ...(endless ? { budget: { ...budget, trials: TRIALS } } : {}) });
  };
  const { kind } = sampler;
  const own = SAMPLERS.find((s) => s.kind === kind) as (typeof SAMPLERS)[number];
  const learns = kind === 'tpe' || kind === 'optuna';
  const fault = faultAt(faults, 'sampler');
  return (
    <Line title="Points" hint="How the values of the next point are chosen." fault={fault}>
      <Pick label="How points are chosen" value={kind} choices={SAMPLERS} onChange={choose} />
      <span className="explained">
        {kind === 'grid' || kind === 'random' ? own.hint : <Hint text={own.hint}>What is {learns ? 'TPE' : own.label}?</Hint>}
      </span>
      {kind !== 'grid' && (
        <Entry label="Seed of the sampler" words="seed" value={sampler.seed} fault={fault} onChange={(seed) => set({ seed })} />
      )}
      {learns && (
        <>
          <Entry
            label="Random points before it learns"
            words="after"
            after="random points"
            value={sampler.startup}
            fault={fault}
            onChange={(startup) => set({ startup })}
          />
          <Entry
            label="Candidates that it weighs for each point"
            words="of"
            after="candidates"
            value={sampler.candidates}
            fault={fault}
            onChange={(candidates) => set({ candidates })}
          />
        </>
      )}
      {kind === 'optuna' && (
        <label className="tick">
          <input type="checkbox" checked={sampler.multivariate} onChange={(e) => set({ multivariate: e.target.checked })} />
          all fields together
        </label>
      )}
    </Line>
  );
}

/** How points are ended early. */
export function PrunerLine({ faults }: { faults: Faults }) {
  const pruner = useForm((s) => s.draft.pruner);
  const set = (change: Partial<Draft['pruner']>) => edit({ pruner: { ...pruner, ...change } });
  const { kind } = pruner;
  const own = PRUNERS.find((s) => s.kind === kind);
  const fault = faultAt(faults, 'pruner');
  const number = (name: keyof Omit<Draft['pruner'], 'kind'>, label: string, words: string, after: string) => (
    <Entry
      label={label}
      words={words}
      after={after}
      value={pruner[name]}
      fault={fault}
      onChange={(text) => set({ [name]: text })}
    />
  );
  return (
    <Line title="Pruning" hint={PRUNING_HINT} fault={fault}>
      <Pick label="How points are ended early" value={kind} choices={PRUNERS} onChange={(next) => set({ kind: next })} />
      {own && kind !== 'none' && (
        <span className="explained">
          <Hint text={own.hint}>{kind === 'median' ? 'Which rule?' : `What is ${own.label}?`}</Hint>
        </span>
      )}
      {(kind === 'median' || kind === 'wilcoxon') && number('startup', 'Points that come first unjudged', 'after', 'points')}
      {kind === 'median' && number('warmup', 'Steps that are not judged', 'and', 'steps')}
      {(kind === 'asha' || kind === 'hyperband') && number('min', 'Steps of the first rung', 'first at', 'steps')}
      {(kind === 'asha' || kind === 'hyperband') && number('factor', 'One in so many goes on', 'keeping one in', '')}
      {kind === 'wilcoxon' && number('p', 'Level of significance', 'at p below', '')}
    </Line>
  );
}

/** When no further trial begins. */
export function BudgetLine({ faults }: { faults: Faults }) {
  const budget = useForm((s) => s.draft.budget);
  const fault = faultAt(faults, 'budget');
  const number = (name: keyof Draft['budget']) => (
    <Entry
      label={`At most so many ${name}`}
      after={name}
      placeholder="any"
      value={budget[name]}
      fault={fault}
      onChange={(text) => edit({ budget: { ...budget, [name]: text } })}
    />
  );
  return (
    <Line
      title="Budget"
      hint="When the first of these is used up, no further trial begins; those under way are trained to their ends. A grid ends by itself."
      fault={fault}
    >
      {number('trials')}
      {number('steps')}
      {number('minutes')}
    </Line>
  );
}

/** What rarely needs a change. */
export function MoreLines({ faults }: { faults: Faults }) {
  const { name, places, report } = useForm((s) => s.draft);
  const wrong = ['name', 'places', 'report'].some((part) => faultAt(faults, part) !== null);
  return (
    <details className="more" open={wrong || undefined}>
      <summary>More</summary>
      <Line title="Name" hint="What the sweep is called in the list." fault={faultAt(faults, 'name')}>
        <Entry label="Name of the sweep" wide placeholder="after its fields" value={name} onChange={(t) => edit({ name: t })} />
      </Line>
      <Line
        title="Side by side"
        hint="Most trials that train in the same dispatches, as one fleet. More use a graphics card better; the device may allow fewer."
        fault={faultAt(faults, 'places')}
      >
        <Entry label="Trials side by side" after="trials" value={places} onChange={(t) => edit({ places: t })} />
      </Line>
      <Line
        title="Round"
        hint="Steps between two decisions: pruning and new points fall between rounds, and results are written down after each."
        fault={faultAt(faults, 'report')}
      >
        <Entry label="Steps of a round" after="steps" value={report} onChange={(t) => edit({ report: t })} />
      </Line>
    </details>
  );
}
