import '../overview/overview.css';
import type { ComponentType } from 'react';
import { CurveBar } from '../overview/CurveBar';
import { HeldOut } from '../overview/HeldOut';
import { LogitPanel } from '../overview/LogitPanel';
import { Numbers } from '../overview/Numbers';
import { PoolPanel } from '../overview/PoolPanel';
import { RewardPanel } from '../overview/RewardPanel';
import { Rollouts } from '../overview/Rollouts';
import { StartCard } from '../overview/StartCard';
import { useLab } from '../useLab';

/** The pictures of the first row, side by side where there is room. */
const FIRST_ROW: readonly ComponentType[] = [RewardPanel, LogitPanel, PoolPanel];

/** Reward, logits, numbers, rollouts and held-out accuracy at a glance. */
export default function Overview() {
  const lanes = useLab((s) => s.lanes.length);
  return (
    <div className="overview">
      <CurveBar />
      <div className={`grid ${lanes > 2 ? 'raced' : lanes > 1 ? 'duel' : ''}`}>
        <StartCard />
        <div className="first-row">
          {FIRST_ROW.map((Picture, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the row never changes
            <Picture key={i} />
          ))}
        </div>
        <Numbers />
        {lanes > 2 && <HeldOut />}
        <Rollouts count={lanes === 2 ? 16 : 10} />
        {lanes <= 2 && <HeldOut />}
      </div>
    </div>
  );
}
