import { useEffect } from 'react';
import { watchInterference } from '../../store/interference';
import { AlonePanel } from '../interference/AlonePanel';
import { BlockPanel } from '../interference/BlockPanel';
import { ConflictChart } from '../interference/ConflictChart';
import { Intro } from '../interference/Intro';
import { MatrixPanel } from '../interference/MatrixPanel';
import { PairPanel } from '../interference/PairPanel';
import { TrendPanel } from '../interference/TrendPanel';
import { CurveBar } from '../overview/CurveBar';
import '../interference/interference.css';

/** How the domains' gradients help or hinder each other, against training each domain alone, and module by module. */
export default function Interference() {
  useEffect(() => watchInterference(), []);
  return (
    <div className="interference">
      <CurveBar />
      <div className="grid">
        <Intro />
        <MatrixPanel />
        <TrendPanel />
        <PairPanel />
        <BlockPanel />
        <ConflictChart />
        <AlonePanel />
      </div>
    </div>
  );
}
