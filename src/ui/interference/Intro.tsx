import { diverging } from '../../charts/palette';
import { usePalette } from '../usePalette';

/** Two gradients from one point, at the angle of a cosine. */
function Arrows({ cosine }: { cosine: number }) {
  const palette = usePalette();
  const angle = Math.acos(cosine);
  const arrow = (at: number, stroke: string) => {
    const [x, y] = [26 + 20 * Math.cos(at), 24 - 20 * Math.sin(at)];
    const barb = (by: number) => `${x - 6 * Math.cos(at + by)} ${y + 6 * Math.sin(at + by)}`;
    return <path d={`M26 24L${x} ${y}M${barb(0.45)}L${x} ${y}L${barb(-0.45)}`} fill="none" stroke={stroke} strokeWidth="2" />;
  };
  return (
    <svg viewBox="0 0 52 28" aria-hidden="true">
      {arrow(0, palette.quiet)}
      {arrow(angle, cosine === 0 ? palette.ink : diverging(palette, cosine > 0 ? 0.9 : -0.9))}
    </svg>
  );
}

const CASES = [
  { cosine: 0.8, name: 'above 0', text: 'A step for one domain also helps the other: transfer.' },
  { cosine: 0, name: 'about 0', text: 'They pull at different things: neither helps nor harms.' },
  { cosine: -0.8, name: 'below 0', text: 'A step for one undoes some of the other’s: a conflict.' },
] as const;

/** What a cosine between two gradients means. */
export const Intro = () => (
  <section className="panel intro" aria-label="How to read this">
    <p>
      Each domain’s rollouts pull the policy in a direction of their own, their gradient. The <b>cosine</b> between two of them
      says how they get on in one update. A conflict is nothing broken: the update still follows their sum, only more slowly for
      both.
    </p>
    <ul>
      {CASES.map(({ cosine, name, text }) => (
        <li key={name}>
          <Arrows cosine={cosine} />
          <span>
            <b>{name}</b> {text}
          </span>
        </li>
      ))}
    </ul>
  </section>
);
