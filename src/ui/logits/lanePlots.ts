import { valueSpan } from '../../charts/lineChart';
import type { Plot } from '../Chart';
import { metric, type Reading } from '../curves';
import { fixed } from '../format';
import { lanesPlot, type Setting, withBands } from '../overview/lanePlot';
import type { LaneView } from '../overview/lanes';
import { MARGIN } from '../overview/logitPlot';
import { upwards, WEIGHT } from './plots';

/** A quantity that lanes are compared in. */
export interface LaneQuantity {
  title: string;
  reading: Reading;
  digits: number;
  y: Plot['y'];
  yScale?: 'linear' | 'log';
}

const free =
  (least: number): Plot['y'] =>
  (curves, bands) =>
    valueSpan(withBands(curves, bands, least), [0, 2 * least], least);
const unit: Plot['y'] = [0, 1];

/** Quantities of races, panel by panel. */
export const LANE_QUANTITIES = {
  margin: { title: 'Margin', reading: MARGIN, digits: 2, y: free(1), yScale: 'linear' },
  weight: { title: 'Weight', reading: WEIGHT, digits: 3, y: unit, yScale: 'linear' },
  ratio: { title: 'Share of the pool', reading: metric('pool/positiveRatio'), digits: 2, y: unit, yScale: 'linear' },
  crossPositives: { title: 'From other domains', reading: metric('pool/crossPositives'), digits: 1, y: upwards(4) },
  inDomainPositives: { title: 'From own domain', reading: metric('pool/inDomainPositives'), digits: 1, y: upwards(4) },
  promptPositives: { title: 'From own prompt', reading: metric('pool/promptPositives'), digits: 1, y: upwards(4) },
  cross: { title: 'Across domains (9)', reading: metric('loss/cross'), digits: 3, y: upwards(0.5) },
  inDomain: { title: 'Within domains (10)', reading: metric('loss/inDomain'), digits: 3, y: upwards(0.5) },
  attraction: { title: 'Attraction', reading: metric('loss/attraction'), digits: 3, y: upwards(0.2) },
  separation: { title: 'Separation', reading: metric('loss/separation'), digits: 3, y: free(0.5), yScale: 'linear' },
} satisfies Record<string, LaneQuantity>;

/** A curve for each lane. */
export const lanesOfQuantity = (lanes: readonly LaneView[], quantity: LaneQuantity, setting: Setting): Plot => ({
  ...lanesPlot(lanes, quantity.reading, setting),
  y: quantity.y,
  ...(quantity.yScale ? { yScale: quantity.yScale } : {}),
  format: (v) => fixed(v, quantity.digits),
  marks: [],
});
