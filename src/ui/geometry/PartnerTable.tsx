import { type ReactNode, useState } from 'react';
import { Hint } from '../Hint';
import { useLab } from '../useLab';
import { RolloutName } from './RolloutName';
import { pointing, type Shared } from './shared';
import './partnerTable.css';

/** A column of numbers, one for each rollout. */
export interface NumberColumn {
  name: string;
  hint: string;
  values: ArrayLike<number>;
  format(value: number): string;
}

interface Props {
  shared: Shared;
  /** Name of the table, for screen readers. */
  label: string;
  rows: ArrayLike<number>;
  columns: readonly NumberColumn[];
  /** Column by which it is sorted at first, largest values first. */
  by: number;
  /** Rows that are left out. */
  struck?: ReadonlySet<number>;
  /** What can be done with a row. */
  action?(row: number): ReactNode;
}

/** Rows before one asks for more. */
const FEW = 8;

function Line({
  shared,
  row,
  cells,
  struck,
  action,
}: {
  shared: Shared;
  row: number;
  cells: readonly string[];
  struck: boolean;
  action: Props['action'];
}) {
  const lit = useLab((s) => s.highlight.rollout === row);
  return (
    <tr className={`${lit ? 'lit' : ''} ${struck ? 'struck' : ''}`} {...pointing(shared, row)}>
      <th scope="row">
        <RolloutName shared={shared} row={row} />
      </th>
      {cells.map((text, k) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its column
        <td key={k} className="right">
          {text}
        </td>
      ))}
      {action && <td className="geo-act">{action(row)}</td>}
    </tr>
  );
}

/** Rollouts with their numbers; a head sorts by its column, a row highlights its rollout everywhere, a press selects it. */
export function PartnerTable({ shared, label, rows, columns, by, struck, action }: Props) {
  const [sort, setSort] = useState({ column: by, up: false });
  const [all, setAll] = useState(false);
  const { values } = columns[sort.column] ?? columns[by];
  const order = Array.from({ length: rows.length }, (_, i) => i).sort(
    (a, b) => (sort.up ? values[a] - values[b] : values[b] - values[a]) || a - b,
  );
  const shown = all ? order : order.slice(0, FEW);
  return (
    <>
      <table className="geo-table" aria-label={label}>
        <thead>
          <tr>
            <th scope="col">Rollout</th>
            {columns.map(({ name, hint }, k) => (
              <th
                key={name}
                scope="col"
                className={name.length > 4 ? 'right wide' : 'right'}
                aria-sort={sort.column !== k ? 'none' : sort.up ? 'ascending' : 'descending'}
              >
                <Hint text={hint}>{name}</Hint>
                <button
                  type="button"
                  className="text geo-sort"
                  aria-label={`Sort by ${name}`}
                  aria-pressed={sort.column === k}
                  onClick={() => setSort({ column: k, up: sort.column === k && !sort.up })}
                >
                  <svg viewBox="0 0 8 8" aria-hidden="true">
                    <path d={sort.column === k && sort.up ? 'M4 1 7 6H1z' : 'M4 7 7 2H1z'} fill="currentColor" />
                  </svg>
                </button>
              </th>
            ))}
            {action && (
              <th scope="col">
                <span className="visually-hidden">Leave out</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {shown.map((i) => (
            <Line
              key={rows[i]}
              shared={shared}
              row={rows[i]}
              cells={columns.map((c) => c.format(c.values[i]))}
              struck={struck?.has(rows[i]) ?? false}
              action={action}
            />
          ))}
        </tbody>
      </table>
      {rows.length > FEW && (
        <button type="button" className="text geo-more" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? `Only the first ${FEW}` : `All ${rows.length}`}
        </button>
      )}
    </>
  );
}
