import type { LeaveOut, LeaveOutMode } from '../../store/analysis';
import { fixed, signed } from '../format';
import { Hint } from '../Hint';
import { RolloutName } from './RolloutName';
import { pointing, type Shared } from './shared';
import type { Inspected } from './useInspection';
import './leaveOut.css';
import { Fault } from '../Fault';

const MODES: Record<LeaveOutMode, { label: string; hint: string }> = {
  pair: {
    label: 'This pair',
    hint: 'Its term leaves the loss of this anchor and the mass that the loss is divided by; the rollout stays a positive of others.',
  },
  rollout: {
    label: 'Rollout',
    hint: 'The rollout leaves the pool: prototypes, weights and masses are those of the smaller pool.',
  },
};
/** Other anchors that are listed. */
const OTHERS = 5;

/** A number before and after; its change as a share of what it was. */
function Change({
  name,
  hint,
  before,
  after,
  digits = 4,
}: {
  name: string;
  hint: string;
  before: number;
  after: number;
  digits?: number;
}) {
  const share = before !== 0 ? (after - before) / Math.abs(before) : null;
  return (
    <tr>
      <th scope="row">
        <Hint text={hint}>{name}</Hint>
      </th>
      <td className="right">{fixed(before, digits)}</td>
      <td className="right">
        <b>{fixed(after, digits)}</b>
      </td>
      <td className="right quiet">{share === null ? '' : `${signed(100 * share, 1)} %`}</td>
    </tr>
  );
}

/** The other anchors whose loss changes most. */
function mostChanged({ others: { row, before, after } }: LeaveOut): { row: number; before: number; after: number }[] {
  return Array.from(row, (r, i) => ({ row: r, before: before[i], after: after[i] }))
    .filter((o) => Math.abs(o.after - o.before) > 1e-12)
    .sort((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before) || a.row - b.row)
    .slice(0, OTHERS);
}

function Effect({ shared, found }: { shared: Shared; found: LeaveOut }) {
  const { before, after, gradient } = found;
  const changed = mostChanged(found);
  return (
    <>
      <table className="geo-change" aria-label="Before and after">
        <thead>
          <tr>
            <td />
            <th scope="col" className="right">
              before
            </th>
            <th scope="col" className="right">
              after
            </th>
            <th scope="col" className="right">
              change
            </th>
          </tr>
        </thead>
        <tbody>
          <Change
            name="Loss of this anchor"
            hint="Its part of the contrastive loss (11)"
            before={before.anchor}
            after={after.anchor}
            digits={5}
          />
          <Change
            name="Loss of the pool"
            hint="The contrastive loss (11) of all anchors"
            before={before.contrastive}
            after={after.contrastive}
          />
          <Change
            name="Gradient"
            hint="Length of the gradient of the pool’s loss at this rollout’s embedding"
            before={gradient.normBefore}
            after={gradient.normAfter}
          />
        </tbody>
      </table>
      <p>
        {gradient.cosine === null
          ? 'One of the two gradients is zero.'
          : `The two gradients have a cosine of ${fixed(gradient.cosine, 3)}: the rollout is pulled ${turnWords(gradient.cosine)}.`}
      </p>
      {changed.length > 0 && (
        <>
          <h4>Other anchors that change most</h4>
          <ul className="geo-others">
            {changed.map(({ row, before: b, after: a }) => (
              <li key={row} {...pointing(shared, row)}>
                <RolloutName shared={shared} row={row} />
                <span>
                  {fixed(b, 5)} → <b>{fixed(a, 5)}</b>
                  {b !== 0 && <span className="of"> {signed((100 * (a - b)) / Math.abs(b), 1)} %</span>}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

const turnWords = (cosine: number): string =>
  cosine > 0.999 ? 'the same way' : cosine > 0.9 ? 'almost the same way' : cosine > 0 ? 'another way' : 'the opposite way';

/** What leaving positives out does to the loss and to the gradient. */
export function LeaveOutCard({ shared, inspected }: { shared: Shared; inspected: Inspected }) {
  const { out, mode, setMode, undo, leaveOut } = inspected;
  if (out.size === 0) return null;
  return (
    <section className="geo-out" aria-label="Without what is left out" data-stale={!leaveOut.current || undefined}>
      <div className="geo-out-head">
        <h3>
          Without {out.size} positive{out.size > 1 ? 's' : ''}
        </h3>
        <fieldset className="segments small" aria-label="What is left out">
          {(Object.keys(MODES) as LeaveOutMode[]).map((m) => (
            <label key={m} title={MODES[m].hint}>
              <input type="radio" name="leave-out" checked={mode === m} onChange={() => setMode(m)} />
              <span>{MODES[m].label}</span>
            </label>
          ))}
        </fieldset>
        <button type="button" onClick={undo}>
          Undo
        </button>
      </div>
      <Fault text={leaveOut.fault} />
      {leaveOut.value && <Effect shared={shared} found={leaveOut.value} />}
    </section>
  );
}
