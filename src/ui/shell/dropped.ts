import { takeFiles } from '../../store/exchange';
import { isSweep } from '../../store/sweepKinds';

/** Opens files that were dropped, each as what it is, whatever view is open. @returns false when something could not be read */
export async function takeDropped(files: readonly File[]): Promise<boolean> {
  const kinds = await Promise.all(files.map(isSweep));
  const sweeps = files.filter((_, i) => kinds[i]);
  const others = files.filter((_, i) => !kinds[i]);
  const read = others.length === 0 || (await takeFiles(others));
  if (sweeps.length) await (await import('../sweep/take')).takeSweeps(sweeps);
  return read;
}
