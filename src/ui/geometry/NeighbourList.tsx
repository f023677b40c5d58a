import { useMemo } from 'react';
import type { Neighbourhood } from '../../store/analysis';
import { fixed } from '../format';
import { Hint } from '../Hint';
import { useLab } from '../useLab';
import type { Picture } from './filmMaps';
import { agreement } from './nearness';
import { RolloutName } from './RolloutName';
import { pointing, type Shared } from './shared';

const HINT = 'The rollouts whose embeddings point in the most similar directions, found in all dimensions, not in the picture.';
const PLACE = 'Its place among the nearest in the picture; – where others lie nearer there.';

/** Nearest rollouts in the embedding, and whether the picture agrees. */
export function NeighbourList({ shared, picture, near }: { shared: Shared; picture: Picture; near: Neighbourhood }) {
  const lit = useLab((s) => s.highlight.rollout);
  const { place, shared: both, strangers } = useMemo(() => agreement(picture, near.row, near.rows), [picture, near]);
  const k = near.rows.length;
  if (k === 0) return null;
  return (
    <section className="geo-near" aria-label="Nearest rollouts">
      <h3>
        <Hint text={HINT}>Nearest in the embedding</Hint>
      </h3>
      <p>
        {near.purity !== null && `${Math.round(near.purity * k)} of them are of its domain. `}
        The picture shows {both} of these {k} among its {k} nearest
        {both < k / 2 ? ': around here it misleads.' : '.'}
      </p>
      <table className="geo-table" aria-label="Nearest in the embedding">
        <thead>
          <tr>
            <th scope="col">Rollout</th>
            <th scope="col" className="right">
              Cosine
            </th>
            <th scope="col" className="right wide">
              <Hint text={PLACE}>In the picture</Hint>
            </th>
          </tr>
        </thead>
        <tbody>
          {Array.from(near.rows, (row, i) => (
            <tr key={row} className={lit === row ? 'lit' : ''} {...pointing(shared, row)}>
              <th scope="row">
                <RolloutName shared={shared} row={row} />
              </th>
              <td className="right">{fixed(near.cosine[i], 3)}</td>
              <td className="right">{place[i] ? `no. ${place[i]}` : '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {strangers.length > 0 && (
        <>
          <h4>Near in the picture only</h4>
          <ul className="geo-strangers">
            {strangers.map((row) => (
              <li key={row} {...pointing(shared, row)}>
                <RolloutName shared={shared} row={row} />
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
