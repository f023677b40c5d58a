import { reachOf } from '../../charts/strips';
import type { Spread } from '../../store/analysis';
import { signed } from '../format';
import { Hint } from '../Hint';
import { usePalette } from '../usePalette';
import { type Column, columnColor } from './columns';
import { VariantTag } from './VariantTag';

/** Distributions of one kind of change, one for each column that has it. */
export interface StripGroup {
  title: string;
  hint: string;
  strips: { column: Column; spread: Spread }[];
}

/** Middle half as a box, 5 to 95 % as a line, the median as a stroke; 0 in the middle. */
function Strip({ spread, reach, color }: { spread: Spread; reach: number; color: string }) {
  const palette = usePalette();
  const q = spread.quantiles;
  const x = (v: number) => `${50 + 48 * Math.max(-1, Math.min(1, v / reach))}%`;
  const wide = (from: number, to: number) => `${Math.max(0.4, (48 * (to - from)) / reach)}%`;
  return (
    <svg className="strip" aria-hidden="true">
      <line x1="50%" x2="50%" y1="0" y2="16" stroke={palette.quiet} strokeDasharray="2 2" />
      {q && (
        <>
          <line x1={x(q[0])} x2={x(q[4])} y1="8" y2="8" stroke={color} strokeWidth="1.25" />
          <rect x={x(q[1])} y="4" width={wide(q[1], q[3])} height="8" fill={palette.card} />
          <rect x={x(q[1])} y="4" width={wide(q[1], q[3])} height="8" fill={color} fillOpacity="0.28" stroke={color} />
          <line x1={x(q[2])} x2={x(q[2])} y1="2" y2="14" stroke={color} strokeWidth="2" />
        </>
      )}
    </svg>
  );
}

/** Rows of distributions on one scale around 0, with their means. */
export function Strips({ groups, digits, caption }: { groups: readonly StripGroup[]; digits: number; caption: string }) {
  const palette = usePalette();
  const reach = reachOf(groups.flatMap((g) => g.strips.map((s) => s.spread.quantiles)));
  return (
    <table className="strips">
      <caption className="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">
            <span className="visually-hidden">Kind</span>
          </th>
          <th scope="col">
            <span className="visually-hidden">Settings</span>
          </th>
          <th scope="col" className="axis">
            <span>{signed(-reach, digits)}</span>
            <span>0</span>
            <span>{signed(reach, digits)}</span>
          </th>
          <th scope="col" className="right">
            Mean
          </th>
        </tr>
      </thead>
      {groups.map(({ title, hint, strips }) => (
        <tbody key={title}>
          {strips.map(({ column, spread }, i) => (
            <tr key={column.name}>
              {i === 0 && (
                <th scope="rowgroup" rowSpan={strips.length}>
                  <Hint text={hint}>{title}</Hint>
                </th>
              )}
              <th scope="row">
                <VariantTag column={column} />
              </th>
              <td>
                <Strip spread={spread} reach={reach} color={columnColor(palette, column)} />
              </td>
              <td className="right">{spread.mean === null ? '–' : signed(spread.mean, digits)}</td>
            </tr>
          ))}
        </tbody>
      ))}
    </table>
  );
}
