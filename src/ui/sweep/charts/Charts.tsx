import type { ComponentType } from 'react';
import { ComparePanel } from './ComparePanel';
import { ContourPanel } from './ContourPanel';
import { CurvesPanel } from './CurvesPanel';
import { HistoryPanel } from './HistoryPanel';
import { ImportancePanel } from './ImportancePanel';
import { LogitTiles } from './LogitTiles';
import { MapTiles } from './MapTiles';
import type { Model } from './model';
import { ParallelPanel } from './ParallelPanel';
import { PointCard } from './PointCard';
import { ReadOut } from './ReadOut';
import { SlicePanel } from './SlicePanel';
import { useModel } from './useModel';
import './charts.css';

/** A panel that is drawn at its own turn, in a task of its own. */
function Turn({ turn, panel: Part }: { turn: number; panel: ComponentType<{ model: Model }> }) {
  const model = useModel(turn);
  return model && <Part model={model} />;
}

const PANELS = [
  HistoryPanel,
  CurvesPanel,
  ParallelPanel,
  SlicePanel,
  ContourPanel,
  ImportancePanel,
  ComparePanel,
  LogitTiles,
  MapTiles,
];

/** All pictures of the sweep on the page; they set themselves up from its fields. Nothing without a sweep. */
export function SweepCharts() {
  return (
    <div className="sweep-charts grid">
      {PANELS.map((panel, i) => (
        <Turn key={panel.name} turn={i} panel={panel} />
      ))}
      <Turn turn={0} panel={PointCard} />
      <Turn turn={0} panel={ReadOut} />
    </div>
  );
}
