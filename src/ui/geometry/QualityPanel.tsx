import { memo } from 'react';
import type { Summary } from '../../store/analysis';
import { whole } from '../format';
import { Hint } from '../Hint';
import { Panel } from '../Panel';
import { tableFigure } from '../tableFigure';
import type { Picture } from './filmMaps';
import { measuresOf, verdictOn } from './quality';
import './quality.css';

const HINT = 'How true the picture is to the embedding, and what the embedding is like.';

/** Figures beside the picture, and what may be believed of it. */
export const QualityPanel = memo(function QualityPanel({ picture, summary }: { picture: Picture; summary: Summary | null }) {
  const { text, bad } = verdictOn(picture.map);
  const { judged } = picture.map;
  const all = picture.map.rows?.length ?? picture.frame.n;
  const measures = measuresOf(picture, summary);
  const figure = () =>
    tableFigure(
      'Quality of the picture',
      {
        columns: [{ text: 'Measure' }, { text: 'Value', right: true }, { text: 'Note' }],
        rows: measures.map(({ name, value, note }) => [
          { text: name },
          { text: value, strong: true },
          { text: note ?? '', quiet: true },
        ]),
      },
      { description: text },
    );
  return (
    <Panel name="geo-quality" title="Quality of the picture" hint={HINT} figure={figure}>
      <p className={`geo-verdict ${bad ? 'bad' : ''}`}>{text}</p>
      <dl>
        {measures.map(({ name, hint, value, note }) => (
          <div key={name}>
            <dt>
              <Hint text={hint}>{name}</Hint>
            </dt>
            <dd>
              <b>{value}</b> {note && <span className="of">{note}</span>}
            </dd>
          </div>
        ))}
      </dl>
      {judged < all && <p className="caption">Judged by {whole(judged)} rollouts, drawn by the seed.</p>}
    </Panel>
  );
});
