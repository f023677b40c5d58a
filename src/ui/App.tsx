import { type CSSProperties, useEffect } from 'react';
import { playOrPause, step } from '../store/lab';
import { Controls } from './Controls';
import { HeldOut } from './HeldOut';
import { LogitPanel } from './LogitPanel';
import { Messages } from './Messages';
import { Numbers } from './Numbers';
import { PoolPanel } from './PoolPanel';
import { RewardPanel } from './RewardPanel';
import { Rollouts } from './Rollouts';
import { RunLine } from './RunLine';
import './style.css';
import { usePalette } from './usePalette';

/** Space and full stop belong to the page unless the focused control needs them. */
function useKeys(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      const at = event.target as HTMLElement;
      const typing = at instanceof HTMLInputElement && at.type !== 'radio';
      const pressable = at instanceof HTMLButtonElement && !at.classList.contains('term');
      if (event.key === '.' && !typing) step();
      else if (event.key === ' ' && !typing && !pressable) playOrPause();
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

export function App() {
  const { page, card, ink, quiet, line, fault } = usePalette();
  const colors = { '--page': page, '--card': card, '--ink': ink, '--quiet': quiet, '--line': line, '--fault': fault };
  useEffect(() => {
    document.body.style.background = page;
  }, [page]);
  useKeys();
  return (
    <div className="lab" style={colors as CSSProperties}>
      <header>
        <h1>MCPO Lab</h1>
        <p>Trains a small policy by reinforcement learning on five toy domains, here in your browser.</p>
      </header>
      <Controls />
      <RunLine />
      <Messages />
      <main>
        <RewardPanel />
        <LogitPanel />
        <PoolPanel />
        <Numbers />
        <Rollouts />
        <HeldOut />
      </main>
    </div>
  );
}
