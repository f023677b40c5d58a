import { type CSSProperties, memo } from 'react';
import { readable } from '../../charts/color';
import type { Frame } from '../../store/state';
import { fixed, signed } from '../format';
import { usePalette } from '../usePalette';
import type { Clip } from './objective';
import { type Scale, type Shade, shadeText, shadeValue, type TokenFacts, type TokenPlace, tokenFacts } from './shade';
import { shadeColor } from './shadeColor';

/** In words; what is to be seen on the chip comes first. */
const inWords = ({ probability, entropy, ratio, objective, stopped }: TokenFacts, t: number): string =>
  `token ${t + 1}: probability ${fixed(probability, 3)}, entropy ${fixed(entropy, 2)}, ratio ${fixed(ratio, 3)}${
    stopped ? ', clipped' : ''
  }, objective ${signed(objective, 3)}`;

interface Props {
  frame: Frame;
  vocabulary: readonly string[];
  clip: Clip;
  scale: Scale | null;
  shade: Shade;
  /** Its value is written on it. */
  values: boolean;
  row: number;
  t: number;
  /** It is the one that the tab key stops at. */
  stop: boolean;
  onToken(place: TokenPlace): void;
  onPick(place: TokenPlace): void;
}

/** One token, shaded; a notch where its ratio is outside of the clip range. */
export const TokenChip = memo(function TokenChip(props: Props) {
  const { frame, vocabulary, clip, scale, shade, values, row, t, stop, onToken, onPick } = props;
  const palette = usePalette();
  const facts = tokenFacts(frame, row, t, { vocabulary, clip });
  const text = vocabulary[frame.response?.[row * frame.responseLength + t] ?? 0];
  const value = values && facts ? shadeText(facts, shade) : '';
  const ground = facts && scale && shadeColor(palette, scale, shadeValue(facts, shade));
  const style: CSSProperties = ground ? { background: ground, color: readable(ground, '#000000', '#ffffff') } : {};
  const notch = facts && facts.side !== 'within' && `notch ${facts.side} ${facts.stopped ? 'stopped' : ''}`;
  return (
    <button
      type="button"
      className={`chip ${value ? 'with-value' : ''} ${stop ? 'picked' : ''}`}
      style={style}
      tabIndex={stop ? 0 : -1}
      data-row={row}
      data-t={t}
      aria-label={facts ? `${text}${value && ` ${value}`}, ${inWords(facts, t)}` : `${text}, token ${t + 1}`}
      aria-pressed={stop}
      onPointerEnter={() => onToken({ row, t })}
      onClick={(e) => {
        e.stopPropagation();
        onPick({ row, t });
      }}
    >
      {text}
      {value && <small> {value}</small>}
      {notch && <i className={notch} />}
    </button>
  );
});
