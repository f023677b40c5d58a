import { setHighlight } from '../../store/look';
import type { Outcome } from '../../store/whatif';
import { DomainMark } from '../DomainMark';
import { fixed } from '../format';
import { Hint } from '../Hint';
import { Empty, Panel } from '../Panel';
import { useLab } from '../useLab';
import { usePalette } from '../usePalette';
import { Compass } from './Compass';
import { type Column, changed, columnColor } from './columns';
import { gradientFigure } from './figures';
import { VariantTag } from './VariantTag';

const HINT =
  'Each domain adds a gradient of its own to the update of the policy. Grey arrow: with the run’s settings. Coloured arrow: with the variant’s, turned by the angle between the two and as much longer or shorter. A cosine of 1 is the same direction, 0 a right angle, below 0 against each other.';
const ALL = 'The sum over the domains, as the optimiser gets it: after surgery, before the norm clip.';
const STEP =
  'How the policy’s parameters move in the whole step: the optimiser remembers earlier gradients and scales each parameter, so this turns less than the gradient.';

type Likeness = Outcome['gradient'];

function Cells({ like, column }: { like: Likeness; column: Column }) {
  const palette = usePalette();
  const { cosine, ratio } = like;
  if (cosine === null || ratio === null)
    return (
      <>
        <td />
        <td className="right quiet">–</td>
      </>
    );
  return (
    <>
      <td className="compass-cell">
        <Compass cosine={cosine} ratio={ratio} color={columnColor(palette, column)} />
      </td>
      <td className="right">
        {fixed(cosine, 4)}
        <small>× {fixed(ratio, 3)}</small>
      </td>
    </>
  );
}

/** How each domain's gradient turns and stretches under the variants. */
export function GradientPanel({ columns }: { columns: readonly Column[] }) {
  const domains = useLab((s) => s.domains);
  const lit = useLab((s) => s.highlight.domain);
  const shown = changed(columns);
  return (
    <Panel
      name="gradients"
      title="Gradient by domain"
      hint={HINT}
      figure={shown.length > 0 && (() => gradientFigure(columns, domains))}
    >
      {shown.length === 0 ? (
        <Empty>Move a setting: here you see which domains’ gradients it turns.</Empty>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">
                <span className="visually-hidden">Gradient</span>
              </th>
              {shown.map((c) => (
                <th key={c.name} scope="colgroup" colSpan={2} className="right">
                  <VariantTag column={c} /> cosine, × length
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {domains.map(({ id, label }, d) => (
              <tr
                key={id}
                className={lit === d ? 'lit' : ''}
                onPointerEnter={() => setHighlight({ domain: d })}
                onPointerLeave={() => setHighlight({})}
              >
                <th scope="row">
                  <DomainMark domain={d} /> {label}
                </th>
                {shown.map((c) => (
                  <Cells key={c.name} like={c.outcome.domainGradients[d]} column={c} />
                ))}
              </tr>
            ))}
          </tbody>
          <tbody className="sums">
            {(
              [
                ['Together', ALL, 'gradient'],
                ['Step Δθ', STEP, 'change'],
              ] as const
            ).map(([label, hint, part]) => (
              <tr key={part}>
                <th scope="row">
                  <Hint text={hint}>{label}</Hint>
                </th>
                {shown.map((c) => (
                  <Cells key={c.name} like={c.outcome[part]} column={c} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}
