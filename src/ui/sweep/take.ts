import { show } from '../../store/look';
import { importSweep } from '../../store/sweep';
import { sweepPage } from './useSweep';

/** Takes sweeps in: journals, ours and Optuna's, and tables of trials; the last one that could be read is what the view shows. */
export async function takeSweeps(files: Iterable<File>): Promise<void> {
  let some = false;
  for (const file of files) some = (await importSweep(file.name, new Uint8Array(await file.arrayBuffer()))) || some;
  if (some) sweepPage.setState({ form: false, state: null });
  show('sweep');
}
