import { claimed } from './claim';
import { type Parts, recordOf } from './parts';
import type { Archive } from './types';

/** Looks at runs that read little. */
export function glance({ name, tables }: Parts): Pick<Archive, 'glance' | 'claimed'> {
  return {
    async glance(id, most) {
      const { step } = await recordOf({ tables }, id);
      const rows = most > 0 ? await tables.steps.range(id, Math.max(1, step - most + 1), step, most) : [];
      const kept = await tables.checkpoints.range(id, 0, Number.MAX_SAFE_INTEGER);
      return {
        steps: rows.map(({ run: _, ...rest }) => rest),
        checkpoints: kept.map(({ step: at, bytes }) => ({ step: at, bytes })),
      };
    },
    claimed: () => claimed(name),
  };
}
