import { type KeyboardEvent, memo, useMemo, useRef } from 'react';
import { setHighlight, setOption } from '../../store/look';
import { OPTIONS } from '../../store/view';
import { DomainMark } from '../DomainMark';
import { Hint } from '../Hint';
import { Panel } from '../Panel';
import { rolloutsFigure } from '../rolloutsFigure';
import { useLab, useOption } from '../useLab';
import { AdvantageBar } from './AdvantageBar';
import { Legend } from './Legend';
import { ReadOut } from './ReadOut';
import { type Scale, type Shade, scaleOf, type TokenPlace } from './shade';
import { TokenChip } from './TokenChip';
import type { Inspected } from './useInspector';

const HINT =
  'The responses that the policy sampled for this prompt, token by token. A shade tells how the token looked to the policy, or what the objective does with it. Point at a token for its numbers.';
const ADVANTAGE_HINT =
  'How much better than its group a rollout did: above 0 its tokens are made more likely, below 0 less likely. The formula is below.';
const SHADES: Record<Shade, { label: string; hint: string }> = {
  probability: { label: 'Probability', hint: 'Chance of the token when it was sampled' },
  entropy: { label: 'Entropy', hint: 'How undecided the policy is at this place, in nats: 0 is sure, ln V is any token' },
  ratio: { label: 'Ratio', hint: 'The token’s probability at the last update over that when it was sampled' },
  objective: { label: 'Objective', hint: 'The token’s loss in the clipped objective (3)' },
};

interface RowProps {
  inspected: Inspected;
  scale: Scale | null;
  shade: Shade;
  values: boolean;
  row: number;
  /** The token that has the focus here; null: the row's head has it. */
  token: number | null;
  most: number;
  onToken(place: TokenPlace | null): void;
  onPick(place: TokenPlace): void;
}

const Row = memo(function Row({ inspected, scale, shade, values, row, token, most, onToken, onPick }: RowProps) {
  const { frame, group, names, clip, vocabulary, row: selected } = inspected;
  const lit = useLab((s) => s.highlight.rollout === row);
  const correct = frame.reward[row] > 0.5;
  const length = frame.response ? (frame.length?.[row] ?? 0) : 0;
  const here = row === selected;
  return (
    <tr
      className={`response-row ${lit ? 'lit' : ''} ${here ? 'here' : ''}`}
      onClick={() => onPick({ row, t: token ?? 0 })}
      onPointerEnter={() => setHighlight({ rollout: row, prompt: group.prompt, domain: group.domain })}
    >
      <th scope="row" aria-current={here}>
        <DomainMark domain={names.marks[group.domain]} open={!correct} /> <b>{correct ? 'correct' : 'wrong'}</b>
      </th>
      <td className="said">
        <div className="tokens">
          {Array.from({ length }, (_, t) => (
            <TokenChip
              // biome-ignore lint/suspicious/noArrayIndexKey: a token is its place
              key={t}
              frame={frame}
              vocabulary={vocabulary}
              clip={clip}
              scale={scale}
              shade={shade}
              values={values}
              row={row}
              t={t}
              stop={here && t === token}
              onToken={onToken}
              onPick={onPick}
            />
          ))}
          {length === 0 && (
            <button
              type="button"
              className="chip none"
              tabIndex={here ? 0 : -1}
              data-row={row}
              data-t={0}
              onClick={() => onPick({ row, t: 0 })}
            >
              {frame.response ? '(empty)' : '(not in the file)'}
            </button>
          )}
        </div>
        <div className="reason">{frame.reason[row]}</div>
      </td>
      {frame.advantage && (
        <td className="advantage">
          <AdvantageBar value={frame.advantage[row]} most={most} />
        </td>
      )}
    </tr>
  );
});

/** Largest |advantage| of a frame. */
const mostOf = (advantage: Float32Array | null) => advantage?.reduce((most, a) => Math.max(most, Math.abs(a)), 0) ?? 0;

interface Props {
  inspected: Inspected;
  /** The token picked in the selected rollout. */
  t: number;
  pick(place: TokenPlace): void;
  /** The token under the pointer. */
  pointed: TokenPlace | null;
  point(place: TokenPlace | null): void;
}

/** The prompt's group: responses with their tokens shaded, verdicts, advantages; the numbers of one token. */
export const Responses = memo(function Responses({ inspected, t, pick, pointed, point }: Props) {
  const { frame, names, group, row, clip } = inspected;
  const shade = useOption('rollouts.shade');
  const values = useOption('rollouts.values') === 'on';
  const table = useRef<HTMLTableElement>(null);
  const scale = useMemo(() => scaleOf(frame, shade, clip), [frame, shade, clip]);
  const most = useMemo(() => mostOf(frame.advantage), [frame]);
  const last = Math.max(0, (frame.length?.[row] ?? 0) - 1);
  const token = Math.min(t, last);

  const focus = (place: TokenPlace) => {
    point(null); // a pointer that rests on the table gives way to the keys
    pick(place);
    // The chip gets its tab stop with the next drawing.
    requestAnimationFrame(() =>
      table.current?.querySelector<HTMLElement>(`[data-row="${place.row}"][data-t="${place.t}"]`)?.focus(),
    );
  };
  const onKey = (event: KeyboardEvent) => {
    const down = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const right = { ArrowRight: 1, ArrowLeft: -1, Home: -99, End: 99 }[event.key];
    if (down === undefined && right === undefined) return;
    event.preventDefault();
    const next = Math.min(group.first + group.size - 1, Math.max(group.first, row + (down ?? 0)));
    const end = Math.max(0, (frame.length?.[next] ?? 0) - 1);
    focus({ row: next, t: Math.min(end, Math.max(0, token + (right ?? 0))) });
  };

  const aside = frame.tokens && (
    <span className="shading">
      <label className="check" title="Writes on each token the number that it is shaded by">
        <input type="checkbox" checked={values} onChange={(e) => setOption('rollouts.values', e.target.checked ? 'on' : 'off')} />{' '}
        Numbers
      </label>
      <fieldset className="segments small" aria-label="Shade tokens by">
        {OPTIONS['rollouts.shade'].map((name) => (
          <label key={name} title={SHADES[name].hint}>
            <input type="radio" name="shade" checked={shade === name} onChange={() => setOption('rollouts.shade', name)} />
            <span>{SHADES[name].label}</span>
          </label>
        ))}
      </fieldset>
    </span>
  );
  const figure = () =>
    rolloutsFigure(
      'Responses to a prompt',
      frame,
      Array.from({ length: group.size }, (_, j) => group.first + j),
      names,
      inspected.vocabulary,
    );
  return (
    <Panel name="responses" title="Responses" hint={HINT} aside={aside} figure={figure}>
      <p className="prompt-line">
        <DomainMark domain={names.marks[group.domain]} />
        <span className="code">{group.text || '(no text)'}</span>
        <span className="quiet">
          {names.domains[group.domain]}
          {names.columns[group.column] !== names.domains[group.domain] && ` · ${names.columns[group.column]}`} · {group.correct}{' '}
          of {group.size} correct
        </span>
      </p>
      <table
        ref={table}
        aria-label={`${group.size} responses`}
        className="response-table"
        onKeyDown={onKey}
        onPointerLeave={() => {
          point(null);
          setHighlight({});
        }}
      >
        <thead>
          <tr>
            <th scope="col">Verdict</th>
            <th scope="col">Response, and the verifier’s reason</th>
            {frame.advantage && (
              <th scope="col">
                <Hint text={ADVANTAGE_HINT}>Advantage</Hint>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: group.size }, (_, j) => group.first + j).map((r) => (
            <Row
              key={r}
              inspected={inspected}
              scale={scale}
              shade={shade}
              values={values}
              row={r}
              token={r === row ? token : null}
              most={most}
              onToken={point}
              onPick={pick}
            />
          ))}
        </tbody>
      </table>
      {scale ? (
        <div className="token-foot">
          <Legend scale={scale} shade={shade} frame={frame} />
          <ReadOut inspected={inspected} place={pointed ?? { row, t: token }} />
        </div>
      ) : (
        <p className="caption">
          {frame.source === 'file'
            ? 'A pool file holds no responses: only prompts, verdicts and embeddings.'
            : 'Held-out responses are not trained on: they have no advantage and no token numbers, only verdicts.'}
        </p>
      )}
    </Panel>
  );
});
