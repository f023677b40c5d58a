import { diverging, type Palette, sequential } from '../../charts/palette';
import type { Scale } from './shade';

/** Colour of a value on a scale. */
export const shadeColor = (palette: Palette, scale: Scale, value: number): string =>
  (scale.kind === 'sequential' ? sequential : diverging)(palette, scale.at(value));
