import type { PoolView, RolloutView, Trainer } from '../engine/trainer';
import { principalComponents } from '../math/pca';
import { explain, verify } from '../tasks/bank';
import { show } from '../tasks/vocabulary';
import type { PoolPicture, RolloutText } from './protocol';

const drawPool = ({ embeddings, width, domain, reward }: PoolView, previous: number[][] | undefined) => {
  if (!embeddings) return { pool: { points: null, explained: [0, 0], domain, reward } satisfies PoolPicture, axes: undefined };
  const { points, explained, axes } = principalComponents(embeddings, width, previous);
  return { pool: { points, explained, domain, reward } satisfies PoolPicture, axes };
};

const describe = (r: RolloutView): RolloutText => ({
  domain: r.domain,
  column: r.column,
  prompt: show(r.prompt),
  response: show(r.response),
  correct: verify(r.record, r.response),
  reason: explain(r.record, r.response),
  advantage: r.advantage,
});

/** Draws the last pool and ten current rollouts; keeps the axes' signs from one picture to the next. */
export function painter() {
  let axes: number[][] | undefined;
  return async (trainer: Trainer): Promise<{ pool: PoolPicture; rollouts: RolloutText[] }> => {
    const drawn = drawPool(await trainer.pool(), axes);
    axes = drawn.axes;
    return { pool: drawn.pool, rollouts: (await trainer.rollouts(10)).map(describe) };
  };
}
