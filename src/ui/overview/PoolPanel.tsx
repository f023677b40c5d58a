import { lazy, Suspense } from 'react';
import { show } from '../../store/look';
import { OtherLane } from '../geometry/OtherLane';
import { trainsEmbedding } from '../geometry/source';
import { Empty, Panel } from '../Panel';
import { useFocusedLane, useLab } from '../useLab';
import { BEFORE, HINT, TITLE } from './poolWords';

const PoolMap = lazy(() => import('./PoolMap'));

const open = (
  <button type="button" className="text" onClick={() => show('geometry')}>
    Open
  </button>
);

/** The map of the pool, loaded when there is something to draw. */
export function PoolPanel() {
  const own = trainsEmbedding(useFocusedLane().config);
  const begun = useLab((s) => s.status === 'training' || s.film.frames.length > 0);
  const empty = (
    <Panel name="pool" title={TITLE} hint={HINT} aside={open} figure={false}>
      <Empty>
        {own ? BEFORE : 'This method trains no embedding; Geometry shows its hidden states on held-out prompts.'}
        {!own && <OtherLane />}
      </Empty>
    </Panel>
  );
  if (!own || !begun) return empty;
  return (
    <Suspense fallback={empty}>
      <PoolMap />
    </Suspense>
  );
}
