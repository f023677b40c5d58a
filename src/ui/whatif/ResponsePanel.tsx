import { useMemo } from 'react';
import { spreadOf } from '../../store/analysis';
import { setHighlight } from '../../store/look';
import type { Frozen } from '../../store/whatif';
import { DomainMark } from '../DomainMark';
import { signed } from '../format';
import { Hint } from '../Hint';
import { Panel } from '../Panel';
import { usePalette } from '../usePalette';
import { advantageChange, type PromptAdvantages } from './advantages';
import { type Column, changed, columnColor, logpChanges } from './columns';
import { type StripGroup, Strips } from './Strips';
import { stripsFigure } from './stripsFigure';
import { VariantTag } from './VariantTag';
import { inWords, times } from './words';

const HINT =
  'How much likelier each response of the batch becomes by the step, as a change of its log-probability in nats: 0.1 is a tenth more likely.';
const FLIPS =
  'An advantage says how much better a response is than the others of its prompt: above 0 it is made likelier, below 0 less likely. Where a variant shapes rewards otherwise, or has fewer responses to compare, advantages change.';

/** Log-probability changes by verdict. */
function stripsOf(columns: readonly Column[]): StripGroup[] {
  const kinds = [
    ['Correct', 'Responses that the verifier calls right.', 1],
    ['Wrong', 'Responses that the verifier calls wrong.', 0],
  ] as const;
  const all = columns.map((column) => ({ column, by: logpChanges(column.outcome) }));
  return kinds.map(([title, hint, reward]) => ({
    title,
    hint,
    strips: all.flatMap(({ column, by }) => {
      if (!by) return [];
      const { frame } = column.outcome.before;
      const values = by.filter((v, i) => Number(frame.reward[i] > 0.5) === reward && Number.isFinite(v));
      return [{ column, spread: spreadOf(values) }];
    }),
  }));
}

/** A prompt's advantages: outlined with the run's settings, filled with the variant's. */
function Bars({ of: { before, after }, color }: { of: PromptAdvantages; color: string }) {
  const { quiet } = usePalette();
  const most = Math.max(1, ...[...before, ...after].filter(Number.isFinite).map(Math.abs));
  const y = (v: number) => 13 - (11 * v) / most;
  const bar = (v: number, x: number, width: number) => ({
    x,
    width,
    y: Math.min(13, y(v)),
    height: Math.max(0.5, Math.abs(y(v) - 13)),
  });
  return (
    <svg
      className="advantages"
      viewBox={`0 0 ${before.length * 11} 26`}
      width={before.length * 11}
      height="26"
      aria-hidden="true"
    >
      <line x1="0" x2={before.length * 11} y1="13" y2="13" stroke={quiet} strokeWidth="0.75" />
      {before.map((a, j) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a rollout is its place
        <g key={j}>
          {Number.isFinite(after[j]) ? (
            <rect {...bar(after[j], j * 11 + 3, 5)} fill={color} />
          ) : (
            <path d={`M${j * 11 + 3} 10l5 6m0 -6l-5 6`} stroke={quiet} />
          )}
          <rect {...bar(a, j * 11 + 1, 9)} fill="none" stroke={quiet} />
        </g>
      ))}
    </svg>
  );
}

function Advantages({ frozen: { result }, column }: { frozen: Frozen; column: Column }) {
  const palette = usePalette();
  const { batch, base } = result;
  const change = useMemo(() => advantageChange(base, column.outcome, batch.prompt), [base, column, batch]);
  return (
    <div className="flips">
      <p>
        <VariantTag column={column} /> {inWords(change)}
      </p>
      {change.prompts.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        <section className="scroller prompts" tabIndex={0} aria-label={`Prompts whose advantages change, ${column.name}`}>
          <ul>
            {change.prompts.map((p) => {
              const domain = batch.domain[p.first];
              return (
                <li key={p.prompt} onPointerEnter={() => setHighlight({ domain })} onPointerLeave={() => setHighlight({})}>
                  <DomainMark domain={domain} />
                  <span className="code">{batch.promptText[p.prompt]}</span>
                  <span className="flip-count">
                    {p.flips ? times(p.flips, 'flip') : ''}
                    <span className="visually-hidden">
                      {' '}
                      advantages {p.before.map((a) => signed(a, 2)).join(', ')}, then{' '}
                      {p.after.map((a) => (Number.isFinite(a) ? signed(a, 2) : 'left out')).join(', ')}
                    </span>
                  </span>
                  <Bars of={p} color={columnColor(palette, column)} />
                </li>
              );
            })}
          </ul>
        </section>
      )}
    </div>
  );
}

/** What the step does to the responses: their probabilities and their advantages. */
export function ResponsePanel({ frozen, columns }: { frozen: Frozen; columns: readonly Column[] }) {
  const strips = useMemo(() => stripsOf(columns), [columns]);
  const variants = changed(columns);
  return (
    <Panel name="responses" title="Every response" hint={HINT} figure={() => stripsFigure('Every response', strips, 3)}>
      <Strips groups={strips} digits={3} caption="Changes of log-probabilities by verdict" />
      {variants.length > 0 && (
        <>
          <h3>
            <Hint text={FLIPS}>Advantages</Hint>
          </h3>
          {variants.map((c) => (
            <Advantages key={c.name} frozen={frozen} column={c} />
          ))}
        </>
      )}
    </Panel>
  );
}
