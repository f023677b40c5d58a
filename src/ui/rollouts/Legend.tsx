import type { Frame } from '../../store/state';
import { useFocusedLane } from '../useLab';
import { usePalette } from '../usePalette';
import type { Scale, Shade } from './shade';
import { shadeColor } from './shadeColor';

const STOPS = 24;

interface Props {
  scale: Scale;
  shade: Shade;
  frame: Frame;
}

/** The scale of the shades, and what notches mean. */
export function Legend({ scale, shade, frame }: Props) {
  const palette = usePalette();
  const { clipLow, clipHigh } = useFocusedLane().config.objective;
  const { miniBatches } = useFocusedLane().config.rollout;
  const [first, , last] = scale.ticks;
  const between = (share: number) =>
    shade === 'ratio' ? first.value * (last.value / first.value) ** share : first.value + share * (last.value - first.value);
  const stops = Array.from({ length: STOPS + 1 }, (_, i) => shadeColor(palette, scale, between(i / STOPS)));
  return (
    <div className="shade-legend">
      <span className="end">{scale.low}</span>
      <span className="scale">
        <i style={{ background: `linear-gradient(to right, ${stops.join(', ')})` }} />
        <span>
          {scale.ticks.map(({ text }) => (
            <span key={text}>{text}</span>
          ))}
        </span>
      </span>
      <span className="end">{scale.high}</span>
      {frame.source === 'pool' &&
        (miniBatches > 1 ? (
          <span className="key">
            <i className="sample">
              <i className="notch above stopped" />
            </i>
            clip stops the gradient
            <i className="sample">
              <i className="notch above" />
            </i>
            outside {(1 - clipLow).toFixed(2)}–{(1 + clipHigh).toFixed(2)}, goes on
          </span>
        ) : (
          (shade === 'ratio' || shade === 'objective') && <span className="key">One update a batch: every ratio is 1.</span>
        ))}
    </div>
  );
}
