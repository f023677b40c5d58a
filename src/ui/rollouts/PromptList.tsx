import { type KeyboardEvent, memo, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { domainColor } from '../../charts/palette';
import { setHighlight, setOption } from '../../store/look';
import { DomainMark } from '../DomainMark';
import { Empty, Panel } from '../Panel';
import { numberCell, tableFigure } from '../tableFigure';
import { useLab, useOption } from '../useLab';
import { usePalette } from '../usePalette';
import type { Group, Names } from './groups';
import { slice, type Tile, tilesOf } from './tiles';
import type { Inspected } from './useInspector';

const HINT =
  'The prompts of the batch that the policy was last trained on. Each dot is one rollout of the prompt’s group: filled is correct, open is wrong. Only mixed groups teach: where all rollouts score the same, every advantage is 0.';
/** Dots in one line. */
const LINE = 16;

/** The group's rollouts as dots: filled where correct. */
const Dots = memo(function Dots({ reward, group, mark, at }: { reward: Float32Array; group: Group; mark: number; at: number }) {
  const palette = usePalette();
  const rewards = Array.from(reward.subarray(group.first, group.first + group.size), (r) => r > 0.5);
  const color = domainColor(palette, mark);
  const lines = Math.ceil(rewards.length / LINE);
  const step = lines > 2 ? 6 : 8;
  const r = lines > 2 ? 2 : 2.75;
  return (
    <svg className="dots" width={step * Math.min(LINE, rewards.length)} height={step * lines} aria-hidden="true">
      {rewards.map((correct, j) => {
        const [x, y] = [step * ((j % LINE) + 0.5), step * (Math.floor(j / LINE) + 0.5)];
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a rollout is its place
          <g key={j}>
            {j === at && <circle cx={x} cy={y} r={r + 1} fill="none" stroke={palette.ink} strokeWidth="1" />}
            <circle cx={x} cy={y} r={r - 0.5} fill={correct ? color : 'none'} stroke={color} strokeWidth="1" />
          </g>
        );
      })}
    </svg>
  );
});

interface OptionProps {
  id: string;
  group: Group;
  names: Names;
  reward: Float32Array;
  /** Place of the selected rollout within the group; −1: another prompt is selected. */
  at: number;
  lit: boolean;
  place: number;
  count: number;
  choose(row: number): void;
}

const Option = memo(function Option({ id, group, names, reward, at, lit, place, count, choose }: OptionProps) {
  const { domain, column, text, correct, size, prompt, first } = group;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list answers keys
    <div
      id={id}
      role="option"
      tabIndex={-1}
      className={`prompt-option ${lit ? 'lit' : ''}`}
      aria-selected={at >= 0}
      aria-setsize={count}
      aria-posinset={place + 1}
      onClick={() => choose(first)}
      onPointerEnter={() => setHighlight({ prompt, domain })}
    >
      <span className="visually-hidden">{names.domains[domain]}: </span>
      <span className="what">
        <span className="code">{text || '(no text)'}</span>
        <span className="column">{names.columns[column]}</span>
      </span>
      <span className="how">
        <span className="rate">
          {correct}/{size}
          <span className="visually-hidden"> correct</span>
        </span>
        <Dots reward={reward} group={group} mark={names.marks[domain]} at={at} />
      </span>
    </div>
  );
});

function Head({ tile, names }: { tile: Extract<Tile, { kind: 'head' }>; names: Names }) {
  return (
    <div className="domain-head" aria-hidden="true">
      <DomainMark domain={names.marks[tile.domain]} /> <b>{names.domains[tile.domain]}</b>
      <span className="rate">{`${tile.correct} of ${tile.size}`}</span>
    </div>
  );
}

interface ListProps {
  inspected: Inspected;
  shown: readonly Group[];
}

/** Prompts by domain; only those in sight are drawn. */
function List({ inspected, shown }: ListProps) {
  const { frame, names, group, row, choose } = inspected;
  const highlight = useLab((s) => s.highlight);
  const box = useRef<HTMLDivElement>(null);
  const [sight, setSight] = useState({ top: 0, height: 800 });
  const tiles = useMemo(() => tilesOf(shown), [shown]);
  const place = shown.findIndex((g) => g.first === group.first);

  // Keeps the selected prompt in sight without moving the page.
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolling by hand may leave it out of sight
  useLayoutEffect(() => {
    const tile = tiles.find((t) => t.kind === 'prompt' && t.place === place);
    if (!box.current || !tile) return;
    const above = place === 0 ? 0 : tile.top - 8;
    const below = tile.top + tile.height + 8 - sight.height;
    if (above < sight.top) box.current.scrollTop = above;
    else if (below > sight.top) box.current.scrollTop = below;
  }, [tiles, place, sight.height]);

  useLayoutEffect(() => {
    const list = box.current;
    if (!list) return;
    const look = () => setSight({ top: list.scrollTop, height: list.clientHeight });
    const observer = new ResizeObserver(look);
    observer.observe(list);
    return () => observer.disconnect();
  }, []);

  const onKey = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor(sight.height / 56));
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -shown.length, End: shown.length }[event.key];
    if (event.key === 'Enter') document.querySelector<HTMLElement>('.response-table [tabindex="0"]')?.focus();
    else if (by === undefined) return;
    else if (shown.length) choose(shown[Math.min(shown.length - 1, Math.max(0, place + by))].first);
    event.preventDefault();
  };

  const { from, to, before, after } = slice(tiles, sight.top, sight.height);
  const id = (at: number) => `prompt-${at}`;
  return (
    <div
      ref={box}
      role="listbox"
      aria-label="Prompts"
      className="prompt-list"
      tabIndex={0}
      aria-activedescendant={place >= 0 ? id(place) : undefined}
      onKeyDown={onKey}
      onScroll={(e) => setSight({ top: e.currentTarget.scrollTop, height: e.currentTarget.clientHeight })}
      onPointerLeave={() => setHighlight({})}
    >
      <div style={{ height: before }} aria-hidden="true" />
      {tiles
        .slice(from, to)
        .map((tile) =>
          tile.kind === 'head' ? (
            <Head key={`d${tile.domain}-${tile.top}`} tile={tile} names={names} />
          ) : (
            <Option
              key={tile.group.first}
              id={id(tile.place)}
              group={tile.group}
              names={names}
              reward={frame.reward}
              at={tile.group === group ? row - group.first : -1}
              lit={highlight.prompt === tile.group.prompt}
              place={tile.place}
              count={shown.length}
              choose={choose}
            />
          ),
        )}
      <div style={{ height: after }} aria-hidden="true" />
    </div>
  );
}

interface Props extends ListProps {
  text: string;
  setText(text: string): void;
  domain: number | null;
  setDomain(domain: number | null): void;
}

/** The frame's prompts with what filters them. */
export const PromptList = memo(function PromptList({ inspected, shown, text, setText, domain, setDomain }: Props) {
  const { groups, names } = inspected;
  const mixed = useOption('rollouts.groups') === 'mixed';
  const present = [...new Set(groups.map((g) => g.domain))];
  const aside = (
    <span>
      {shown.length === groups.length ? groups.length : `${shown.length} of ${groups.length}`} <span>prompts</span>
    </span>
  );
  const figure = () =>
    tableFigure('Prompts', {
      columns: [{ text: 'Task' }, { text: 'Prompt' }, { text: 'Correct', right: true }, { text: 'Responses', right: true }],
      rows: shown.map((g) => [
        { text: names.columns[g.column], domain: names.marks[g.domain] },
        { text: g.text || '(no text)' },
        numberCell(g.correct, String),
        numberCell(g.size, String),
      ]),
    });
  return (
    <Panel name="prompts" title="Prompts" hint={HINT} aside={aside} figure={shown.length > 0 && figure}>
      <div className="filters">
        <input
          type="search"
          aria-label="Search the prompts"
          placeholder="Search…"
          value={text}
          onChange={(e) => setText(e.target.value)}
        />
        <select
          className="choice"
          aria-label="Domain"
          value={domain ?? ''}
          onChange={(e) => setDomain(e.target.value === '' ? null : Number(e.target.value))}
        >
          <option value="">All domains</option>
          {present.map((d) => (
            <option key={d} value={d}>
              {names.domains[d]}
            </option>
          ))}
        </select>
        <label className="check" title="Only groups with a correct and a wrong rollout">
          <input
            type="checkbox"
            checked={mixed}
            onChange={(e) => setOption('rollouts.groups', e.target.checked ? 'mixed' : 'all')}
          />{' '}
          Mixed only
        </label>
      </div>
      {shown.length > 0 ? (
        <List inspected={inspected} shown={shown} />
      ) : (
        <Empty>
          {mixed && !text && domain === null
            ? 'No group has both a correct and a wrong rollout here. Show all groups, or another step.'
            : 'No prompt fits. Clear the search, or show all domains and groups.'}
        </Empty>
      )}
    </Panel>
  );
});
