import { useCallback, useMemo } from 'react';
import { drawRank, type RankChart, rankHeight, rankTable } from '../../../charts/sweep/rankBars';
import type { FieldImportance } from '../../../sweep/analysis/importance';
import { Canvas, type Draw } from '../../Canvas';
import { Empty, Panel } from '../../Panel';
import { usePalette } from '../../usePalette';
import { plural } from '../words';
import type { Model } from './model';
import { useImportance } from './useImportance';

const HINT =
  'PED-ANOVA: how differently a field’s values are spread among the best points (a tenth, but at least five where there are fifteen) and among all; the fields share 100 %. Main effect: the part of the points’ variance that a field explains by itself; what is left to 100 % is fields acting together, and chance. Lines are 95 % intervals of a bootstrap over points and seeds.';
const percent = (v: number) => `${Math.round(100 * v)} %`;

function chartOf(model: Model, fields: readonly FieldImportance[]): RankChart {
  const items = fields
    .map((f) => ({
      label: model.fields.find((v) => v.path === f.field)?.title ?? f.field,
      estimates: [f.ped, f.effect],
      weight: f.ped.value + f.effect.value,
    }))
    .sort((a, b) => b.weight - a.weight);
  return { series: ['PED-ANOVA', 'main effect'], items, top: 1, xLabel: 'importance', format: percent };
}

/** What the bars say, in a sentence. */
export function importanceWords(model: Model, fields: readonly FieldImportance[]): string {
  const name = (f: FieldImportance) => model.fields.find((v) => v.path === f.field)?.title ?? f.field;
  const by = [...fields].sort((a, b) => b.ped.value - a.ped.value);
  const [first, second] = by;
  const most = fields.reduce((a, b) => (b.effect.value > a.effect.value ? b : a));
  if (!second)
    return `With one field there is nothing to share: ${name(first)} explains ${percent(first.effect.value)} of the variance (${percent(first.effect.low)} to ${percent(first.effect.high)}).`;
  const sure = first.ped.low > second.ped.high;
  const best = sure
    ? `${name(first)} sets the best points apart the most`
    : `Which field sets the best points apart is still open: the intervals of ${name(first)} and ${name(second)} overlap`;
  const spread =
    most.effect.low > 0
      ? `${name(most)} alone explains ${percent(most.effect.value)} of the variance (${percent(most.effect.low)} to ${percent(most.effect.high)})`
      : 'no field alone explains a part of the variance that is surely above 0';
  return `${best}; ${spread}.${sure ? '' : ' More points narrow the intervals.'}`;
}

/** How much each swept field matters. */
export function ImportancePanel({ model }: { model: Model }) {
  const palette = usePalette();
  const found = useImportance(model);
  const fields = found?.result.fields;
  const chart = useMemo(() => (fields?.length ? chartOf(model, fields) : null), [model, fields]);
  const draw: Draw = useCallback((context, size) => chart && drawRank(context, size, chart, palette), [chart, palette]);
  if (!model.fields.length) return null;
  const words = fields?.length ? importanceWords(model, fields) : '';
  return (
    <Panel
      name="chart importance"
      title="Importance"
      hint={HINT}
      aside={chart && found ? `${plural(found.result.points, 'finished point')} · ${found.resamples} resamples` : undefined}
      figure={
        chart !== null &&
        (() => ({
          title: 'Importance of the swept fields',
          size: { width: 560, height: Math.max(160, rankHeight(chart)) },
          draw: (context, size, colors) => drawRank(context, size, chart, colors),
          table: rankTable(chart),
          description: words,
          runs: [],
        }))
      }
    >
      {chart ? (
        <>
          <div className="ranks" style={{ height: rankHeight(chart) }}>
            <div className="plot">
              <Canvas draw={draw} role="img" aria-label={`Importance of the swept fields. ${words}`} />
            </div>
          </div>
          <p className="caption">{words}</p>
        </>
      ) : (
        <Empty>
          {found
            ? `How much each field matters shows here after ${plural(found.result.missing, 'more finished point')}.`
            : 'How much each field matters, with intervals.'}
        </Empty>
      )}
    </Panel>
  );
}
