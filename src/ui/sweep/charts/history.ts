import type { Palette } from '../../../charts/palette';
import { spanAround } from '../../../charts/sweep/axis';
import type { Dot, DotChart, Whisker } from '../../../charts/sweep/dots';
import { history } from '../../../sweep/analysis/groups';
import { type Model, markOf } from './model';

/** Points whose trials have all ended, in the order in which their last trial did. */
export const completions = ({ state, groups }: Pick<Model, 'state' | 'groups'>): number[] =>
  history(state, groups).map((c) => c.point);

/** Values of the points by order of completion, and the best so far. */
export function historyChart(model: Model, selected: (point: number) => boolean, palette: Palette): DotChart {
  const { points, tall } = model;
  const dots: Dot[] = [];
  const whiskers: Whisker[] = [];
  const steps = { label: 'best so far', color: palette.ink, x: [] as number[], y: [] as number[] };
  const done = history(model.state, model.groups);
  done.forEach(({ point, best }, i) => {
    const p = points[point];
    const x = i + 1;
    const alpha = selected(point) ? 1 : 0.2;
    const color = p.state === 'finished' ? palette.sequentialStops[3] : palette.quiet;
    if (p.half !== null && p.mean !== null)
      whiskers.push({ point, x, mean: p.mean, low: p.mean - p.half, high: p.mean + p.half, color, alpha });
    if (p.trials.length > 1)
      p.had.forEach((y, k) => {
        const kind = `seed ${p.trials[k].seed}`;
        if (Number.isFinite(y)) dots.push({ point, x, y, mark: 'disc', color, radius: 1.75, alpha: 0.55 * alpha, kind });
      });
    dots.push({ point, x, y: p.shown, mark: markOf(p.state), color, radius: 4, alpha, kind: p.state });
    if (best !== null && best !== steps.y.at(-1)) {
      steps.x.push(x);
      steps.y.push(best);
    }
  });
  return {
    x: {
      label: 'points in the order of their ends',
      scale: 'linear',
      domain: [0.5, Math.max(done.length, 4) + 0.5],
      integer: true,
      format: String,
    },
    y: done.length ? tall : { ...tall, domain: spanAround([]) },
    dots,
    whiskers,
    steps,
    missing: 'no value',
    empty: 'the first point that ends shows here',
  };
}
