import { useLab } from '../useLab';
import { usePalette } from '../usePalette';
import { useTraced } from '../useTraced';
import type { Setting } from './lanePlot';
import { useSmoothing } from './lanes';

/** What curves need, at a given `version` of the store; another object whenever there is something new to draw. */
export function useSettingAt(version: number): Setting {
  const palette = usePalette();
  const window = useSmoothing();
  const steps = useLab((s) => s.config.steps);
  return useTraced(version, () => ({ palette, window, steps }), [palette, window, steps]);
}

/** What curves need, with every step. */
export const useSetting = (): Setting => useSettingAt(useLab((s) => s.version));
