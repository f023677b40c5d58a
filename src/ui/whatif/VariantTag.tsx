import { usePalette } from '../usePalette';
import { type Column, columnColor } from './columns';

/** The name of an outcome in its colour. */
export function VariantTag({ column }: { column: Pick<Column, 'name' | 'variant'> }) {
  const palette = usePalette();
  return (
    <span className="variant-tag" style={{ borderColor: columnColor(palette, column) }}>
      {column.name}
    </span>
  );
}
