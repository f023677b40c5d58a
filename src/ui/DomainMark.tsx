import { domainColor } from '../charts/palette';
import { symbolPath } from '../charts/symbols';
import { usePalette } from './usePalette';

/** A domain's coloured shape: always beside its name, never in its place. */
export function DomainMark({ domain, open = false }: { domain: number; open?: boolean }) {
  const color = domainColor(usePalette(), domain);
  return (
    <svg className="mark" viewBox="-7 -7 14 14" aria-hidden="true">
      <path d={symbolPath(domain, 4.5)} fill={open ? 'none' : color} stroke={color} strokeWidth={open ? 1.5 : 0} />
    </svg>
  );
}
