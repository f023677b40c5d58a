import { HeldOut } from '../overview/HeldOut';
import { LogitPanel } from '../overview/LogitPanel';
import { Numbers } from '../overview/Numbers';
import { RewardPanel } from '../overview/RewardPanel';
import { Rollouts } from '../overview/Rollouts';

/** Reward, logits, numbers, rollouts and held-out accuracy at a glance. */
export default function Overview() {
  return (
    <div className="grid">
      <RewardPanel />
      <LogitPanel />
      <Numbers />
      <Rollouts />
      <HeldOut />
    </div>
  );
}
