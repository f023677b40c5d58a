import { lazy, Suspense } from 'react';
import { show } from '../../store/look';
import { mappedRun } from '../geometry/source';
import { Empty, Panel } from '../Panel';
import { useLab, useNoPool } from '../useLab';
import { BEFORE, HINT, TITLE } from './poolWords';
import './pictures.css';

const PoolMap = lazy(() => import('./PoolMap'));

const open = (
  <button type="button" className="text" onClick={() => show('geometry')}>
    Open
  </button>
);

/** The map of the pool, loaded when there is something to draw. */
export function PoolPanel() {
  const run = useLab(mappedRun);
  const begun = useLab((s) => s.status === 'training' || s.step > 0 || s.film.frames.length > 0);
  const nothing = useNoPool(BEFORE);
  const empty = (
    <Panel name="pool" title={TITLE} hint={HINT} aside={open} figure={false}>
      <Empty>
        {run !== null ? nothing : 'This method trains no embedding; Geometry shows its hidden states on held-out prompts.'}
      </Empty>
    </Panel>
  );
  if (run === null || !begun) return empty;
  return (
    <Suspense fallback={empty}>
      <PoolMap run={run} />
    </Suspense>
  );
}
