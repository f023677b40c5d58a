import { useMemo } from 'react';
import { useStore } from 'zustand';
import { diverging } from '../../charts/palette';
import { type BlockInterference, interference, summarise } from '../../store/interference';
import { setHighlight } from '../../store/look';
import { DomainMark } from '../DomainMark';
import { Fault } from '../Fault';
import { fixed, whole } from '../format';
import { Hint } from '../Hint';
import { Empty, Panel } from '../Panel';
import { useFocusedLane, useLab } from '../useLab';
import { usePalette } from '../usePalette';
import { blockName, tensorConflicts, worstPair } from './blocks';
import { blocksFigure } from './blocksFigure';
import { choosePair } from './pairs';
import { useRunName } from './useRun';

const HINT =
  'The policy part by part: of all pairs of domains that have a gradient there, how many point against each other in the last update. Asked from the engine at every stop, and every two seconds while it trains.';
const TENSORS = 'The same count over the parameter tensors of the part, one by one: MGS works on these.';

const SURGERY = {
  tensor: 'in each parameter tensor by itself',
  block: 'in each block by itself',
  global: 'over all parameters at once',
} as const;

/** What the run does about conflicts. */
function Remedy() {
  const { granularity } = useFocusedLane().config.surgery;
  if (granularity === 'off')
    return (
      <p className="caption">
        This run adds the gradients as they are. MGS would take from each, tensor by tensor, the part that points against another.
      </p>
    );
  return (
    <p className="caption">
      <b>Gradient surgery is on:</b> {SURGERY[granularity]}, where two domains conflict, each loses the part that points against
      the other before they are added. The numbers here are from before that.
    </p>
  );
}

/** Share of the pairs that conflict, as a bar. */
function Share({ conflicts, pairs }: { conflicts: number; pairs: number }) {
  const palette = usePalette();
  const share = pairs ? conflicts / pairs : 0;
  return (
    <svg className="share" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <rect width="100" height="8" fill={palette.line} />
      <rect width={100 * share} height="8" fill={diverging(palette, -0.75)} />
    </svg>
  );
}

function Row({ block, tensors }: { block: BlockInterference; tensors: { conflicts: number; pairs: number } }) {
  const domains = useLab((s) => s.domains);
  const worst = worstPair(block);
  return (
    <tr>
      <th scope="row">{blockName(block.block)}</th>
      <td className="picture">
        <Share conflicts={block.conflicts} pairs={block.pairs} />
      </td>
      <td className="right">
        {block.conflicts} <span className="quiet">of {block.pairs}</span>
      </td>
      <td className="right tensors">
        {tensors.conflicts} <span className="quiet">of {tensors.pairs}</span>
      </td>
      <td>
        {worst ? (
          <button
            type="button"
            className="worst"
            onClick={() => choosePair(...worst.pair)}
            onPointerEnter={() => setHighlight({ domain: worst.pair[0], other: worst.pair[1] })}
            onPointerLeave={() => setHighlight({})}
          >
            <DomainMark domain={worst.pair[0]} /> {domains[worst.pair[0]].label} × <DomainMark domain={worst.pair[1]} />{' '}
            {domains[worst.pair[1]].label} <b>{fixed(worst.cosine, 2)}</b>
          </button>
        ) : (
          <span className="quiet">{block.pairs ? 'none in conflict' : 'no gradient'}</span>
        )}
      </td>
    </tr>
  );
}

/** Conflicts part by part of the policy, in the last update. */
export function BlockPanel() {
  const modules = useStore(interference, (s) => s.modules);
  const error = useStore(interference, (s) => s.error);
  const started = useLab((s) => s.step > 0);
  const name = useRunName();
  const domains = useLab((s) => s.domains);
  const blocks = useMemo(() => (modules ? summarise(modules) : []), [modules]);
  return (
    <Panel
      name="blocks"
      title="Conflicts by module"
      hint={HINT}
      aside={modules ? `${name && `${name}, `}step ${whole(modules.step)}` : undefined}
      figure={modules !== null && (() => blocksFigure(modules, domains))}
    >
      <Fault text={error} />
      {!modules ? (
        <Empty>
          {started ? 'Asking the engine…' : 'With the first update you see in which parts of the policy domains conflict.'}
        </Empty>
      ) : (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
          <section className="scroller" tabIndex={0} aria-label="Table of the modules">
            <table>
              <thead>
                <tr>
                  <th scope="col">Module</th>
                  <th scope="col" className="picture">
                    <span className="visually-hidden">Share in conflict</span>
                  </th>
                  <th scope="col" className="right">
                    In conflict
                  </th>
                  <th scope="col" className="right tensors">
                    <Hint text={TENSORS}>By tensor</Hint>
                  </th>
                  <th scope="col">Most in conflict</th>
                </tr>
              </thead>
              <tbody>
                {blocks.map((block) => (
                  <Row key={block.block} block={block} tensors={tensorConflicts(modules.modules, block.block)} />
                ))}
              </tbody>
            </table>
          </section>
          <Remedy />
        </>
      )}
    </Panel>
  );
}
