import { FIELDS, getValue, type Value } from '../../config/fields';
import type { Figure } from '../figure';
import { fixed } from '../format';
import { Hint } from '../Hint';
import { LaneMark } from '../LaneMark';
import { Empty, Panel } from '../Panel';
import { numberCell, type TableCell, tableFigure } from '../tableFigure';
import { bestOf, FINALS } from './finals';
import type { Compared } from './useCompared';

function Heads({ runs, first }: { runs: readonly Compared[]; first: string }) {
  return (
    <thead>
      <tr>
        <th scope="col">{first}</th>
        {runs.map(({ record, style }) => (
          <th key={record.id} scope="col" className="right" title={record.name}>
            <LaneMark lane={style} /> <span className="head-name">{record.name}</span>
          </th>
        ))}
      </tr>
    </thead>
  );
}

/** A table with a column for each run; the file holds these runs. */
const runsFigure = (
  title: string,
  first: string,
  runs: readonly Compared[],
  rows: readonly { label: string; cells: TableCell[] }[],
): Figure =>
  tableFigure(
    title,
    {
      columns: [{ text: first }, ...runs.map(({ record, style }) => ({ text: record.name, lane: style, right: true }))],
      rows: rows.map(({ label, cells }) => [{ text: label }, ...cells]),
    },
    { runs: runs.map((r) => r.record.id) },
  );

/** Numbers at the end of each run; the best is marked. */
export function FinalTable({ runs }: { runs: readonly Compared[] }) {
  const rows = FINALS.map((f) => ({ ...f, values: runs.map((r) => f.of(r)) })).filter((f) => f.values.some((v) => v !== null));
  const figure = () =>
    runsFigure(
      'At the end',
      'Number',
      runs,
      rows.map(({ label, values, show, best }) => {
        const top = bestOf(values, best);
        return { label, cells: values.map((value, i) => ({ ...numberCell(value, show), strong: top.has(i) })) };
      }),
    );
  return (
    <Panel
      name="finals"
      title="At the end"
      hint="Each run where it stands; the best of the runs is in bold and underlined."
      figure={figure}
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section className="scroller" tabIndex={0} aria-label="Numbers at the end">
        <table>
          <Heads runs={runs} first="Number" />
          <tbody>
            {rows.map(({ label, hint, values, show, best }) => {
              const top = bestOf(values, best);
              return (
                <tr key={label}>
                  <th scope="row">
                    <Hint text={hint}>{label}</Hint>
                  </th>
                  {values.map((value, i) => (
                    <td key={runs[i].record.id} className={`right ${top.has(i) ? 'best' : ''}`}>
                      {value === null ? '–' : show(value)}
                    </td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
    </Panel>
  );
}

const text = (value: Value): string =>
  typeof value === 'boolean' ? (value ? 'on' : 'off') : typeof value === 'number' ? fixedValue(value) : value;
const fixedValue = (value: number) => (Number.isInteger(value) ? String(value) : fixed(value, 12).replace(/\.?0+$/, ''));

/** Fields in which some of the runs differ. */
export function DifferenceTable({ runs }: { runs: readonly Compared[] }) {
  const rows = FIELDS.map((f) => ({ f, values: runs.map((r) => getValue(r.record.config, f.path)) })).filter(({ values }) =>
    values.some((v) => v !== values[0]),
  );
  const figure = () =>
    runsFigure(
      'What differs',
      'Setting',
      runs,
      rows.map(({ f, values }) => ({ label: f.path, cells: values.map((v) => ({ text: text(v) })) })),
    );
  return (
    <Panel
      name="differences"
      title="What differs"
      hint="Every setting that is not the same in all of these runs."
      figure={rows.length > 0 && figure}
    >
      {rows.length === 0 ? (
        <Empty>
          {runs.length > 1
            ? 'These runs have the same settings and the same seed.'
            : 'Compare two runs to see in which settings they differ.'}
        </Empty>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        <section className="scroller" tabIndex={0} aria-label="Settings that differ">
          <table>
            <Heads runs={runs} first="Setting" />
            <tbody>
              {rows.map(({ f, values }) => (
                <tr key={f.path}>
                  <th scope="row">
                    <Hint text={`${f.path}. ${f.help}`}>{f.symbol ? `${f.label} ${f.symbol}` : f.label}</Hint>
                  </th>
                  {values.map((value, i) => (
                    <td key={runs[i].record.id} className="right">
                      {text(value)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </Panel>
  );
}
