import type { Palette } from '../../charts/palette';
import { fixed, percent, signed } from '../format';
import { Hint } from '../Hint';
import { Panel } from '../Panel';
import { usePalette } from '../usePalette';
import { type Column, columnColor } from './columns';
import { type EffectLine, type EffectRow, effectOf, type Move } from './effect';
import { effectFigure } from './figures';
import { VariantTag } from './VariantTag';

const HINT =
  'Before: the frozen batch as the run finds it. Each column: the same batch after one update with its settings, and how far that went.';

const show = (row: EffectRow, value: number) => (row.percent ? percent(value) : fixed(value, row.digits));
const difference = (row: EffectRow, by: number) => (row.percent ? `${signed(100 * by, row.digits)} pt` : signed(by, row.digits));

/** Places of the numbers of a line on its own scale, 0 to 1; null where all are one. */
function scaleOf({ moves }: EffectLine): ((value: number) => number) | null {
  const all = moves.flatMap((m) => [m.before, m.after]).filter((v): v is number => v !== null);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  return high - low > 1e-12 * Math.max(1, Math.abs(high)) ? (v) => (v - low) / (high - low) : null;
}

const MARKS = ['M-3.2 0a3.2 3.2 0 1 0 6.4 0a3.2 3.2 0 1 0 -6.4 0', 'M-4 -3.5h8l-4 7z', 'M-4 3.5h8l-4 -7z'];
const LINES = [8, 6, 10];

/** From the ring (before) to where each column ends. */
function Picture({ line, columns, palette }: { line: EffectLine; columns: readonly Column[]; palette: Palette }) {
  const at = scaleOf(line);
  const x = (v: number) => 7 + 82 * (at ? at(v) : 0.5);
  const start = line.moves[0].before;
  return (
    <svg className="moves" viewBox="0 0 96 16" aria-hidden="true">
      <line x1="4" x2="92" y1="8" y2="8" stroke={palette.line} />
      {line.moves.map(({ before, after }, i) => {
        const color = columnColor(palette, columns[i]);
        if (after === null) return null;
        return (
          <g key={columns[i].name}>
            {before !== null && (
              <line x1={x(before)} x2={x(after)} y1={LINES[i]} y2={LINES[i]} stroke={color} strokeWidth="1.5" />
            )}
            <path d={MARKS[i]} transform={`translate(${x(after)} ${LINES[i]})`} fill={color} />
          </g>
        );
      })}
      {start !== null && <circle cx={x(start)} cy="8" r="3.6" fill={palette.card} stroke={palette.ink} strokeWidth="1.25" />}
    </svg>
  );
}

/** Where a column ends and how far it went; where it began, if not where the run did. */
function Cells({ row, move: { before, after }, start }: { row: EffectRow; move: Move; start: number | null }) {
  if (after === null)
    return (
      <>
        <td className="right quiet">–</td>
        <td />
      </>
    );
  const elsewhere = before !== null && start !== null && show(row, before) !== show(row, start);
  return (
    <>
      <td className="right">
        {elsewhere && <span className="from">{show(row, before)} → </span>}
        {show(row, after)}
      </td>
      <td className="right by">{before !== null && difference(row, after - before)}</td>
    </>
  );
}

/** Losses, policy, logits and gradient before and after the step of each column. */
export function EffectPanel({ columns, tau }: { columns: readonly Column[]; tau: number }) {
  const palette = usePalette();
  const className = `scroller ${columns.length > 2 ? 'many' : ''}`;
  const groups = effectOf(
    columns.map((c) => c.outcome),
    tau,
  );
  return (
    <Panel name="effect" title="What the step does" hint={HINT} figure={() => effectFigure(columns, tau)}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section className={className} tabIndex={0} aria-label="Numbers before and after the step">
        <table>
          <thead>
            <tr>
              <th scope="col">
                <span className="visually-hidden">Number</span>
              </th>
              <th scope="col" className="right">
                Before
              </th>
              <th scope="col" className="picture">
                <span className="visually-hidden">Picture</span>
              </th>
              {columns.map((c) => [
                <th key={c.name} scope="col" className="right">
                  <span className="visually-hidden">After, </span>
                  <VariantTag column={c} />
                </th>,
                <th key={`${c.name} change`} scope="col" className="right by">
                  change
                </th>,
              ])}
            </tr>
          </thead>
          {groups.map(({ group, lines }) => (
            <tbody key={group.title}>
              <tr className="title">
                <th scope="rowgroup" colSpan={3 + 2 * columns.length}>
                  <Hint text={group.hint}>{group.title}</Hint>
                </th>
              </tr>
              {lines.map((line) => {
                const { row, moves } = line;
                const start = moves[0].before;
                return (
                  <tr key={row.label}>
                    <th scope="row">
                      <Hint text={row.hint}>{row.label}</Hint>
                    </th>
                    <td className="right quiet">{start === null ? '' : show(row, start)}</td>
                    <td className="picture">
                      <Picture line={line} columns={columns} palette={palette} />
                    </td>
                    {moves.map((move, i) => (
                      <Cells key={columns[i].name} row={row} move={move} start={start} />
                    ))}
                  </tr>
                );
              })}
            </tbody>
          ))}
        </table>
      </section>
    </Panel>
  );
}
