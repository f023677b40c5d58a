import { useCallback, useDeferredValue, useMemo, useState } from 'react';
import { Empty } from '../Panel';
import { AdvantagePanel } from '../rollouts/AdvantagePanel';
import { filterGroups } from '../rollouts/groups';
import { ObjectivePanel } from '../rollouts/ObjectivePanel';
import { PromptList } from '../rollouts/PromptList';
import { Responses } from '../rollouts/Responses';
import '../rollouts/rollouts.css';
import '../rollouts/film.css';
import '../rollouts/prompts.css';
import '../rollouts/responses.css';
import '../rollouts/narrow.css';
import { SourceBar } from '../rollouts/SourceBar';
import type { TokenPlace } from '../rollouts/shade';
import { useFrame, useInspector } from '../rollouts/useInspector';
import { useRolloutKeys } from '../rollouts/useRolloutKeys';
import { useNoPool, useOption } from '../useLab';

const NOTHING = {
  pool: 'Press Play, or the space bar: the first step’s rollouts show here, and later ones as training goes on.',
  heldOut: 'Press Sample now: the policy as it stands answers prompts that training never sees.',
  file: 'Drop a pool file on the page to see its prompts and verdicts here.',
};

/** The rollout inspector: prompts, their responses token by token, and one rollout's formulas. */
export default function Rollouts() {
  const source = useOption('geometry.source');
  const noPool = useNoPool(NOTHING.pool);
  const mixed = useOption('rollouts.groups') === 'mixed';
  const frame = useFrame();
  const inspected = useInspector(frame);
  const [text, setText] = useState('');
  const [domain, setDomain] = useState<number | null>(null);
  const [t, setToken] = useState(0);
  const [pointed, point] = useState<TokenPlace | null>(null);
  const groups = inspected?.groups;
  const columns = inspected?.names.columns;
  const shown = useMemo(
    () => (groups && columns ? filterGroups(groups, { domain, mixed, text }, columns) : []),
    [groups, columns, domain, mixed, text],
  );
  useRolloutKeys(inspected, shown);
  const choose = inspected?.choose;
  const pick = useCallback(
    (place: TokenPlace) => {
      setToken(place.t);
      choose?.(place.row);
    },
    [choose],
  );
  // Formulas come in a task of their own, so that a new frame never holds the page up.
  const late = useDeferredValue(inspected);
  const length = inspected ? (inspected.frame.length?.[inspected.row] ?? 0) : 0;
  const token = Math.min(t, Math.max(0, length - 1));
  const lateToken = useDeferredValue(token);
  return (
    <div className="grid inspector">
      <SourceBar frame={frame} />
      {inspected ? (
        <>
          <PromptList inspected={inspected} shown={shown} text={text} setText={setText} domain={domain} setDomain={setDomain} />
          <Responses inspected={inspected} t={token} pick={pick} pointed={pointed} point={point} />
          <AdvantagePanel inspected={late ?? inspected} />
          <ObjectivePanel inspected={late ?? inspected} t={lateToken} />
        </>
      ) : (
        <section className="panel nothing" aria-label="Rollouts">
          <Empty>{source === 'pool' ? noPool : NOTHING[source]}</Empty>
        </section>
      )}
    </div>
  );
}
