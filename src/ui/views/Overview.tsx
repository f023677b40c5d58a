import { HeldOut } from '../overview/HeldOut';
import { LogitPanel } from '../overview/LogitPanel';
import { Numbers } from '../overview/Numbers';
import '../overview/overview.css';
import { RewardPanel } from '../overview/RewardPanel';
import { Rollouts } from '../overview/Rollouts';

/** Reward, logits, numbers, rollouts and held-out accuracy at a glance. */
export default function Overview() {
  return (
    <div className="grid">
      <div className="first-row">
        <RewardPanel />
        <LogitPanel />
      </div>
      <Numbers />
      <Rollouts />
      <HeldOut />
    </div>
  );
}
