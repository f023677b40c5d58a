import type { drawLineChart } from '../../charts/lineChart';
import { Chart, type Plot } from '../Chart';
import { Hint } from '../Hint';
import './curves.css';

/** One of several small charts in a panel. */
export interface Part {
  title: string;
  hint?: string;
  chart: Plot;
  paint?: typeof drawLineChart;
  /** It takes a row for itself. */
  wide?: boolean;
}

/** Small charts of one panel, under their names. */
export function PlotStack({ name, parts }: { name: string; parts: readonly Part[] }) {
  return (
    <div className="plot-stack">
      {parts.map(({ title, hint, chart, paint, wide }) => (
        <figure key={title} className={wide ? 'wide' : ''}>
          <figcaption>{hint ? <Hint text={hint}>{title}</Hint> : title}</figcaption>
          <Chart label={`${name}: ${title}`} chart={chart} {...(paint ? { paint } : {})} />
        </figure>
      ))}
    </div>
  );
}
