import { useCallback, useMemo } from 'react';
import { drawMatrix, type MatrixChart } from '../../charts/matrixChart';
import { domainColor, LIGHT, type Palette } from '../../charts/palette';
import type { DomainInfo } from '../../store/state';
import { Canvas, type Draw } from '../Canvas';
import { fixed } from '../format';
import { Panel } from '../Panel';
import { useLab } from '../useLab';
import { usePalette } from '../usePalette';
import type { Column } from './columns';
import { agreementFigure } from './figures';
import { VariantTag } from './VariantTag';

const HINT =
  'Cosine between the domains’ gradients within one update, before any surgery. Blue: what helps one domain helps the other. Orange: they pull against each other. Hatched: a domain without a gradient in this batch.';

function matrixOf({ outcome }: Column, domains: readonly DomainInfo[], palette: Palette): MatrixChart {
  const sides = domains.map(({ label }, i) => ({ label, symbol: i, color: domainColor(palette, i) }));
  const values = outcome.step.gradientCosine;
  return { rows: sides, columns: sides, values, scale: 'diverging', span: [-1, 1], format: (v) => fixed(v, 2) };
}

function Matrix({ column }: { column: Column }) {
  const palette = usePalette();
  const domains = useLab((s) => s.domains);
  const chart = useMemo(() => matrixOf(column, domains, palette), [column, domains, palette]);
  const draw: Draw = useCallback((context, size) => drawMatrix(context, size, chart, palette), [chart, palette]);
  const pairs = domains.flatMap((a, i) =>
    domains.slice(i + 1).map((b, j) => {
      const v = chart.values[i]?.[i + 1 + j];
      return `${a.label} and ${b.label} ${v === null || v === undefined ? 'no data' : fixed(v, 2)}`;
    }),
  );
  return (
    <figure>
      <figcaption>
        <VariantTag column={column} />
      </figcaption>
      <div className="plot">
        <Canvas
          draw={draw}
          role="img"
          aria-label={`Cosine between the gradients of two domains, ${column.name}: ${pairs.join('; ')}`}
        />
      </div>
    </figure>
  );
}

/** How much the domains' gradients agree, for each column that differs. */
export function AgreementPanel({ columns }: { columns: readonly Column[] }) {
  const domains = useLab((s) => s.domains);
  const figure = () => agreementFigure(columns.map((c) => ({ name: c.name, chart: matrixOf(c, domains, LIGHT) })));
  return (
    <Panel name="agreement" title="Do the domains agree?" hint={HINT} figure={figure}>
      <div className="matrices">
        {columns.map((c) => (
          <Matrix key={c.name} column={c} />
        ))}
      </div>
    </Panel>
  );
}
