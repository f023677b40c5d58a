import { useCallback } from 'react';
import { drawScatter } from '../charts/scatter';
import { Canvas, type Draw } from './Canvas';
import { DomainMark } from './DomainMark';
import { whole } from './format';
import { Empty, Panel } from './Panel';
import { useLab } from './useLab';
import { usePalette } from './usePalette';

const TITLE_HINT =
  'Each mark is one rollout of the last mini-batch: its embedding, reduced to the two directions of greatest variance (principal components). Filled marks are correct, open ones wrong.';

function Legend() {
  const domains = useLab((s) => s.domains);
  return (
    <p className="legend">
      {domains.map((d, i) => (
        <span key={d.id}>
          <DomainMark domain={i} /> {d.label}
        </span>
      ))}
    </p>
  );
}

export function PoolPanel() {
  const palette = usePalette();
  const picture = useLab((s) => s.picture);
  const contrastive = useLab((s) => s.config.contrast.lambda > 0);
  const draw: Draw = useCallback(
    (context, size) => {
      const pool = picture?.pool;
      if (pool?.points) drawScatter(context, size, { ...pool, points: pool.points }, palette);
    },
    [picture, palette],
  );
  const correct = picture?.pool.reward.reduce((n, r) => n + (r > 0.5 ? 1 : 0), 0) ?? 0;
  const count = picture?.pool.reward.length ?? 0;
  const shown = contrastive && picture?.pool.points;
  return (
    <Panel
      name="pool"
      title="Pool of embeddings"
      hint={TITLE_HINT}
      aside={
        picture && (
          <span>
            {shown && 'filled: '}
            <b>{whole(correct)}</b> of {whole(count)} correct
          </span>
        )
      }
    >
      {shown && (
        <>
          <div className="plot">
            <Canvas
              draw={draw}
              role="img"
              aria-label={`Embeddings of ${count} rollouts at step ${picture.step} in two dimensions; ${correct} are correct`}
            />
          </div>
          <Legend />
        </>
      )}
      {!contrastive && <Empty>This method trains no embedding; choose MCPO-GRPO to see the pool.</Empty>}
      {contrastive && !shown && <Empty>Press Play: the pool shows with the first steps.</Empty>}
    </Panel>
  );
}
