import { type CSSProperties, memo } from 'react';
import { arrowColor } from '../../charts/marks';
import type { Inspection } from '../../store/analysis';
import { show } from '../../store/look';
import { DomainMark } from '../DomainMark';
import { fixed, percent } from '../format';
import { Hint } from '../Hint';
import { Empty, Panel } from '../Panel';
import { useLab } from '../useLab';
import { usePalette } from '../usePalette';
import { arrowWords } from './arrows';
import { balance, forcesOn } from './contrast';
import { rolloutWords } from './describe';
import type { Picture } from './filmMaps';
import { inspectionFigure } from './inspectionFigure';
import { LeaveOutCard } from './LeaveOutCard';
import { NeighbourList } from './NeighbourList';
import { type NumberColumn, PartnerTable } from './PartnerTable';
import { StartList } from './StartList';
import type { Shared } from './shared';
import type { Inspected } from './useInspection';
import './inspector.css';

const HINT =
  'What the contrastive loss does to one rollout: correct ones pull it, wrong ones push it. Everything is worked out from this pool with the τ, β and γ of the run.';
const LOGIT = 'S: cosine of the two embeddings, divided by the temperature τ.';
const GRADIENT = 'Share of the gradient at the inspected rollout’s embedding that comes from this one.';
const LOSS = 'This anchor’s part of the contrastive loss (11), its cross-domain and its in-domain part before β and γ.';

const share = (v: number) => `${fixed(100 * v, 1)} %`;
const two = (v: number) => fixed(v, 2);

const positiveColumns = ({ positives: p }: Inspection): NumberColumn[] => [
  { name: 'w', hint: 'Compatibility (5) of the two prompts across domains; 1 within a domain.', values: p.weight, format: two },
  { name: 'S', hint: LOGIT, values: p.logit, format: two },
  {
    name: 'l',
    hint: 'Loss of the pair: how far its logit is below the sum of the negatives’; near 0 the positive has won.',
    values: p.loss,
    format: two,
  },
  { name: 'Pull', hint: GRADIENT, values: p.gradientShare, format: share },
];

const negativeColumns = ({ negatives: n }: Inspection): NumberColumn[] => [
  { name: 'S', hint: LOGIT, values: n.logit, format: two },
  {
    name: 'Softmax',
    hint: 'Share of exp(S) among all negatives of the anchor: the nearest ones count most.',
    values: n.share,
    format: share,
  },
  { name: 'Push', hint: GRADIENT, values: n.gradientShare, format: share },
];

const anchorColumns = ({ anchors: a }: Inspection): NumberColumn[] => [
  { name: 'S', hint: LOGIT, values: a.logit, format: two },
  { name: 'Softmax', hint: 'Share of this rollout among the negatives of that anchor.', values: a.share, format: share },
  { name: 'Push', hint: GRADIENT, values: a.gradientShare, format: share },
];

/** The rollout itself: what was asked and answered, and what the verifier said. */
function Rollout({ shared: { frame, names, choose }, row }: { shared: Shared; row: number }) {
  const vocabulary = useLab((s) => s.vocabulary);
  const { domain, column, verdict, prompt, response, advantage } = rolloutWords(frame, row, names, vocabulary);
  return (
    <div className="geo-rollout">
      <p>
        <DomainMark domain={names.marks[frame.domain[row]]} open={verdict === 'wrong'} /> <b>{verdict}</b>{' '}
        <span className="quiet">{column === domain ? domain : `${domain}, ${column}`}</span>
        {advantage && (
          <span className="quiet">
            , advantage <b>{advantage}</b>
          </span>
        )}
      </p>
      <p className="code">
        {prompt}
        <br />→ {response}
      </p>
      {frame.reason[row] && <p className="reason">{frame.reason[row]}</p>}
      <p className="geo-rollout-acts">
        <button type="button" onClick={() => show('rollouts')}>
          Open its tokens
        </button>
        <button type="button" onClick={() => choose(null)}>
          Close
        </button>
      </p>
    </div>
  );
}

/** How pull and push share the gradient, as one bar. */
function Balance({ inspection }: { inspection: Inspection }) {
  const { pull, push } = balance(forcesOn(inspection));
  const palette = usePalette();
  if (pull + push === 0) return null;
  const colors = { '--geo-pull': arrowColor(palette, 'pull'), '--geo-push': arrowColor(palette, 'push') };
  return (
    <div className="geo-balance" style={colors as CSSProperties}>
      <span>
        Pull <b>{percent(pull)}</b>
      </span>
      <i aria-hidden="true">
        <i style={{ width: `${(100 * pull) / (pull + push)}%` }} />
      </i>
      <span>
        Push <b>{percent(push)}</b>
      </span>
    </div>
  );
}

function Anchor({ shared, inspected, inspection }: { shared: Shared; inspected: Inspected; inspection: Inspection }) {
  const { loss, positives, negatives } = inspection;
  const { out, toggle } = inspected;
  return (
    <>
      <p>
        <Hint text={LOSS}>Its loss</Hint> <b>{fixed(loss.anchor, 5)}</b> of <b>{fixed(loss.pool, 3)}</b>{' '}
        <span className="of">
          across {fixed(loss.cross, 5)}, within {fixed(loss.inDomain, 5)}
        </span>
      </p>
      <LeaveOutCard shared={shared} inspected={inspected} />
      <h3>
        {positives.row.length} positive{positives.row.length === 1 ? '' : 's'}
      </h3>
      {positives.row.length > 0 && (
        <PartnerTable
          shared={shared}
          label="Positives"
          rows={positives.row}
          columns={positiveColumns(inspection)}
          by={3}
          struck={out}
          action={(row) => (
            <button
              type="button"
              className="geo-leave"
              aria-pressed={out.has(row)}
              aria-label={out.has(row) ? 'Take this positive back' : 'Leave this positive out'}
              title={out.has(row) ? 'Take this positive back' : 'Leave this positive out, and see what changes'}
              onClick={() => toggle(row)}
            >
              <svg viewBox="0 0 12 12" aria-hidden="true">
                <path d={out.has(row) ? 'M2 6h8M6 2v8' : 'M2 6h8'} stroke="currentColor" strokeWidth="1.5" />
              </svg>
            </button>
          )}
        />
      )}
      <h3>
        {negatives.row.length} negative{negatives.row.length === 1 ? '' : 's'}
      </h3>
      {negatives.row.length > 0 && (
        <PartnerTable shared={shared} label="Negatives" rows={negatives.row} columns={negativeColumns(inspection)} by={2} />
      )}
    </>
  );
}

/** What acts on the rollout, by the part it plays. */
function Contrast({ shared, picture, inspected }: { shared: Shared; picture: Picture; inspected: Inspected }) {
  const { value, fault } = inspected.inspection;
  if (fault)
    return (
      <p className="fault" role="alert">
        {fault}
      </p>
    );
  if (!value) return <p className="quiet">Working it out…</p>;
  const moved = value.coefficients.some((c) => c !== 0);
  return (
    <div className="geo-contrast" data-stale={!inspected.inspection.current || undefined}>
      <p>{value.explanation}</p>
      <Balance inspection={value} />
      {moved && <p className="of">{arrowWords(picture)}</p>}
      {value.kind === 'correct' && <Anchor shared={shared} inspected={inspected} inspection={value} />}
      {value.kind === 'wrong' && value.anchors.row.length > 0 && (
        <>
          <h3>
            {value.anchors.row.length} anchor{value.anchors.row.length === 1 ? '' : 's'} that push it
          </h3>
          <PartnerTable
            shared={shared}
            label="Anchors that push it"
            rows={value.anchors.row}
            columns={anchorColumns(value)}
            by={2}
          />
        </>
      )}
    </div>
  );
}

interface Props {
  shared: Shared | null;
  picture: Picture | null;
  inspected: Inspected;
}

/** The contrastive inspector: the selected rollout with its positives, its negatives, and its nearest rollouts. */
export const InspectorPanel = memo(function InspectorPanel({ shared, picture, inspected }: Props) {
  const { row, neighbours } = inspected;
  const near = neighbours.value;
  const vocabulary = useLab((s) => s.vocabulary);
  const found = shared && shared.frame.source !== 'heldOut' ? inspected.inspection.value : null;
  const figure = shared && found !== null && found.row === row && (() => inspectionFigure(shared, found, vocabulary));
  return (
    <Panel name="geo-inspector" title="Contrastive inspector" hint={HINT} figure={figure ?? false}>
      {!shared || !picture ? (
        <Empty>Press a rollout in the map: its positives, its negatives, and how strongly each moves it show here.</Empty>
      ) : row === null ? (
        <StartList shared={shared} />
      ) : (
        <div className="geo-scroll">
          <Rollout shared={shared} row={row} />
          {shared.frame.source === 'heldOut' ? (
            <p className="geo-note">
              No loss acts on held-out rollouts. Where the run trains an embedding, its training rollouts show what pulls and
              pushes them.
            </p>
          ) : (
            <Contrast shared={shared} picture={picture} inspected={inspected} />
          )}
          {neighbours.fault && <p className="fault">{neighbours.fault}</p>}
          {near && near.row === row && <NeighbourList shared={shared} picture={picture} near={near} />}
        </div>
      )}
    </Panel>
  );
});
