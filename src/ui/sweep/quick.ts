import { changesOf } from '../../store/changes';
import { lab } from '../../store/lab';
import { show } from '../../store/look';
import { startSweep, sweeps } from '../../store/sweep';
import { suggested } from '../../sweep/suggested';
import { sweepPage } from './useSweep';

/**
 * Opens the view and starts a suggested sweep around what the lab is set to; while one runs, shows the suggestions beside it instead.
 * @throws Error when the lab's settings leave it no question to ask
 */
export function startSuggested(name: string): void {
  const { presets, config } = lab.getState();
  const changes = Object.fromEntries(changesOf(presets, config).map((c) => [c.field.path, c.value]));
  const found = suggested(presets, changes).find((s) => s.name === name);
  if (!found) throw new Error(`"${name}" does not go together with what the lab is set to`);
  const { status } = sweeps.getState();
  const busy = status === 'running' || status === 'preparing';
  sweepPage.setState({ form: busy, state: null });
  show('sweep');
  if (!busy) void startSweep(found.spec);
}
