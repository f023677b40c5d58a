import { DomainMark } from '../DomainMark';
import { fixed } from '../format';
import type { Names } from '../rollouts/groups';
import type { Matrix } from './useSimilarity';

const shown = (value: number | null) => (value === null ? '–' : fixed(value, 2));

/** The matrix in numbers: mean logits by pair of domains. */
export function MeansTable({ matrix: { view }, names }: { matrix: Matrix; names: Names }) {
  const label = (d: number) => names.domains[d] ?? '';
  return (
    <details className="means">
      <summary>Mean logits by pair of domains</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section className="scroller" tabIndex={0} aria-label="Mean logits by pair of domains">
        <table>
          <thead>
            <tr>
              <th scope="col">Correct rollouts of</th>
              {view.domains.map(({ index }) => (
                <th key={index} scope="col" className="right">
                  <DomainMark domain={names.marks[index] ?? index} /> {label(index)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {view.domains.map((row, a) => (
              <tr key={row.index}>
                <th scope="row">
                  <DomainMark domain={names.marks[row.index] ?? row.index} /> {label(row.index)}
                </th>
                {view.domains.map(({ index }, b) => (
                  <td key={index} className="right">
                    <b>{shown(view.positive[a][b])}</b> <span className="quiet">{shown(view.negative[a][b])}</span>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p className="caption">
        <b>Bold</b>: with correct rollouts (positives). Pale: with wrong ones (negatives).
      </p>
    </details>
  );
}
