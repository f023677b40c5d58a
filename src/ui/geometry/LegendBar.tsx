import { memo } from 'react';
import type { Cloud } from '../../charts/cloud';
import { legendOf } from '../../charts/cloudLegend';
import { symbolPath } from '../../charts/symbols';
import { setHighlight, showOnlyDomain, toggleDomain } from '../../store/look';
import { fixed, whole } from '../format';
import { useLab } from '../useLab';
import { usePalette } from '../usePalette';
import type { Picture } from './filmMaps';
import { namesByMark } from './mapFigure';
import type { FrameNames } from './source';
import './legendBar.css';

/** A symbol as the map draws it: filled for correct rollouts, open for wrong ones. */
function Mark({ shape, color, open }: { shape: number | null; color: string; open: boolean }) {
  return (
    <svg className="mark" viewBox="-7 -7 14 14" aria-hidden="true">
      <path d={symbolPath(shape ?? 0, 4.5)} fill={open ? 'none' : color} stroke={color} strokeWidth={open ? 1.5 : 0} />
    </svg>
  );
}

interface Props {
  picture: Picture;
  cloud: Cloud;
  names: FrameNames;
}

/** What colours and shapes mean; domains can be left out, or brought forward by pointing at them. */
export const LegendBar = memo(function LegendBar({ picture: { frame }, cloud, names }: Props) {
  const palette = usePalette();
  const muted = useLab((s) => s.muted);
  const lit = useLab((s) => s.highlight.domain);
  const legend = legendOf(cloud, palette, { domains: namesByMark(names), columns: names.columns });
  const byDomain = cloud.color === 'domain' || (cloud.color === 'advantage' && !cloud.advantage);
  const counts = new Map<number, number>();
  for (const d of frame.domain) counts.set(d, (counts.get(d) ?? 0) + 1);
  const colors = legend.items.filter((item) => !byDomain && (item.shape === null || cloud.color === 'column'));
  return (
    <div className="geo-legend">
      <fieldset aria-label="Domains in the map">
        {frame.domains.map((id, d) => {
          if (!counts.has(d)) return null;
          const mark = names.marks[d];
          const item = legend.items.find((i) => i.shape === mark);
          const color = cloud.color === 'column' ? palette.quiet : (item?.color ?? palette.quiet);
          return (
            <button
              key={id}
              type="button"
              className={`geo-domain ${lit === mark ? 'lit' : ''}`}
              aria-pressed={!muted.includes(id)}
              title={`${counts.get(d)} rollouts; press to leave the domain out, twice to see it alone`}
              onClick={() => toggleDomain(id)}
              onDoubleClick={() => showOnlyDomain(id)}
              onPointerEnter={() => setHighlight({ domain: mark })}
              onPointerLeave={() => setHighlight({})}
              onFocus={() => setHighlight({ domain: mark })}
              onBlur={() => setHighlight({})}
            >
              <Mark shape={mark} color={color} open={false} /> {names.domains[d]}
            </button>
          );
        })}
      </fieldset>
      <span className="geo-keys">
        {legend.kind === 'scale' && (
          <span className="geo-scale">
            {legend.title} {fixed(legend.low, 1)}
            <i style={{ background: `linear-gradient(to right, ${legend.colors.join(', ')})` }} />
            {fixed(legend.high, 1)}
          </span>
        )}
        {colors.map((item) => (
          <span key={item.label}>
            <Mark {...item} /> {item.label} {whole(item.count)}
          </span>
        ))}
        {cloud.color !== 'correct' && (
          <>
            <span>
              <Mark shape={0} color={palette.quiet} open={false} /> correct
            </span>
            <span>
              <Mark shape={0} color={palette.quiet} open /> wrong
            </span>
          </>
        )}
      </span>
    </div>
  );
});
