import { useCallback, useMemo } from 'react';
import { drawMatrix, type MatrixChart } from '../../charts/matrixChart';
import { domainColor } from '../../charts/palette';
import { Canvas, type Draw } from '../Canvas';
import { fixed } from '../format';
import { Panel } from '../Panel';
import { useLab } from '../useLab';
import { usePalette } from '../usePalette';
import type { Column } from './columns';
import { VariantTag } from './VariantTag';

const HINT =
  'Cosine between the domains’ gradients within one update, before any surgery. Blue: what helps one domain helps the other. Orange: they pull against each other. Hatched: a domain without a gradient in this batch.';

function Matrix({ column }: { column: Column }) {
  const palette = usePalette();
  const domains = useLab((s) => s.domains);
  const values = column.outcome.step.gradientCosine;
  const chart = useMemo((): MatrixChart => {
    const sides = domains.map(({ label }, i) => ({ label, symbol: i, color: domainColor(palette, i) }));
    return { rows: sides, columns: sides, values, scale: 'diverging', span: [-1, 1], format: (v) => fixed(v, 2) };
  }, [domains, values, palette]);
  const draw: Draw = useCallback((context, size) => drawMatrix(context, size, chart, palette), [chart, palette]);
  const pairs = domains.flatMap((a, i) =>
    domains.slice(i + 1).map((b, j) => {
      const v = values[i]?.[i + 1 + j];
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
  return (
    <Panel name="agreement" title="Do the domains agree?" hint={HINT}>
      <div className="matrices">
        {columns.map((c) => (
          <Matrix key={c.name} column={c} />
        ))}
      </div>
    </Panel>
  );
}
