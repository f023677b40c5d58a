import { domainColor, type Palette } from '../../charts/palette';
import { symbolPath } from '../../charts/symbols';
import { field } from '../../config/fields';
import { DomainMark } from '../DomainMark';
import { percent } from '../format';
import { Hint } from '../Hint';
import { Empty, Panel } from '../Panel';
import { useFocused, useFocusedLane, useLab } from '../useLab';
import { usePalette } from '../usePalette';

const CHANCE_HINT = 'Expected score of a guess that knows only the form of a response; the small tick in the picture.';

interface Row {
  first: number;
  latest: number;
  chance: number;
}

/** From the first value (ring) to the latest (shape), on a line from 0 to 1, with a tick at chance. */
function Dumbbell({ row, domain, palette }: { row: Row; domain: number | null; palette: Palette }) {
  const at = (v: number) => `${5 + 90 * v}%`;
  const color = domain === null ? palette.ink : domainColor(palette, domain);
  return (
    <svg className="dumbbell" aria-hidden="true">
      <line x1="5%" x2="95%" y1="8" y2="8" stroke={palette.line} />
      <line x1={at(row.chance)} x2={at(row.chance)} y1="3" y2="13" stroke={palette.quiet} />
      <line x1={at(row.first)} x2={at(row.latest)} y1="8" y2="8" stroke={color} strokeWidth="2" />
      <circle cx={at(row.first)} cy="8" r="3.5" fill={palette.card} stroke={color} strokeWidth="1.25" />
      <svg x={at(row.latest)} y="8" overflow="visible" aria-hidden="true">
        <path d={symbolPath(domain ?? 0, 4)} fill={color} />
      </svg>
    </svg>
  );
}

const mean = (xs: readonly number[]) => xs.reduce((a, b) => a + b, 0) / xs.length;

export function HeldOut() {
  const palette = usePalette();
  const { evaluations } = useFocused();
  const domains = useLab((s) => s.domains);
  const { samples, prompts, every } = useFocusedLane().config.eval;
  const [first, latest] = [evaluations[0], evaluations.at(-1)];
  const hint = `Accuracy on ${prompts} prompts per benchmark that training never sees, ${samples} responses each, measured at the start, ${every ? `every ${every} steps` : 'never between'} and at the end. ${field('eval.samples').help}`;
  const title = 'Held-out accuracy';
  if (!first || !latest)
    return (
      <Panel name="held-out" title={title} hint={hint}>
        <Empty>Measured when training starts, and whenever you press Evaluate.</Empty>
      </Panel>
    );
  const chances = domains.flatMap((d) => d.columns.map((c) => c.chance));
  return (
    <Panel name="held-out" title={title} hint={hint}>
      <table>
        <thead>
          <tr>
            <th scope="col">Benchmark</th>
            <th scope="col" className="picture" aria-label="Picture" />
            <th scope="col" className="right">
              <Hint text={CHANCE_HINT}>Chance</Hint>
            </th>
            <th scope="col" className="right">
              Step {first.step}
            </th>
            <th scope="col" className="right">
              {latest.step === first.step ? 'Latest' : `Step ${latest.step}`}
            </th>
          </tr>
        </thead>
        {domains.map((d, i) => (
          <tbody key={d.id}>
            {d.columns.map((c, k) => {
              const row = { first: first.result.benchmarks[c.id], latest: latest.result.benchmarks[c.id], chance: c.chance };
              return (
                <tr key={c.id} className={k === 0 ? 'first' : ''}>
                  <th scope="row">
                    <DomainMark domain={i} /> {c.label}
                    {k === 0 && <span className="of"> {d.label}</span>}
                  </th>
                  <td className="picture">
                    <Dumbbell row={row} domain={i} palette={palette} />
                  </td>
                  <td className="right quiet">{percent(row.chance)}</td>
                  <td className="right">{percent(row.first)}</td>
                  <td className="right">
                    <b>{percent(row.latest)}</b>
                  </td>
                </tr>
              );
            })}
          </tbody>
        ))}
        <tfoot>
          <tr className="first">
            <th scope="row">Average</th>
            <td className="picture">
              <Dumbbell
                row={{ first: first.result.average, latest: latest.result.average, chance: mean(chances) }}
                domain={null}
                palette={palette}
              />
            </td>
            <td className="right quiet">{percent(mean(chances))}</td>
            <td className="right">{percent(first.result.average)}</td>
            <td className="right">
              <b>{percent(latest.result.average)}</b>
            </td>
          </tr>
        </tfoot>
      </table>
    </Panel>
  );
}
