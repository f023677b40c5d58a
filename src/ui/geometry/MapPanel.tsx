import { useCallback, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import type { Cloud } from '../../charts/cloud';
import { lab } from '../../store/lab';
import { setHighlight, setOption } from '../../store/look';
import type { Frame } from '../../store/state';
import { percent, whole } from '../format';
import { Empty, Panel } from '../Panel';
import { useLab, useOption } from '../useLab';
import { METHOD_NAMES, pictureWords, rolloutWords, SOURCE_NAMES, spoken } from './describe';
import { FilmBar } from './FilmBar';
import { filmMaps } from './filmMaps';
import { HeldOutFault } from './HeldOutFault';
import { LegendBar } from './LegendBar';
import { type Hit, MapCanvas } from './MapCanvas';
import { pointOf, rowAt } from './mapCloud';
import { mapFigure } from './mapFigure';
import { OtherLane } from './OtherLane';
import { ReadOut } from './ReadOut';
import type { FrameNames } from './source';
import type { FilmView, Frames } from './useFilm';
import type { Place } from './viewport';
import './map.css';

const HINT =
  'Each symbol is a rollout, placed so that rollouts with similar embeddings lie close. Its shape and colour tell the domain; it is filled if the verifier accepted it. No map of many dimensions is true in all: see the quality beside it.';

/** Most rollouts that t-SNE draws. */
const TSNE_MOST = 2000;

interface Props {
  frames: Frames;
  view: FilmView;
  names: FrameNames | null;
  cloud: Cloud | null;
  /** Selected row of the picture's frame. */
  selected: number | null;
  choose(row: number | null): void;
  /** Draws a sample of so many rollouts. */
  setSample(sample: number): void;
  /** Why the source is another than the chosen one. */
  note: string | null;
  empty: string;
}

/** The next point that is shown, `by` places on; from a point that is not shown, the nearest on. */
function walk({ points, dims, hidden = [], domain }: Cloud, from: number | null, by: number): number | null {
  const n = domain.length;
  const shown = (i: number) => Number.isFinite(points[i * dims]) && !hidden.includes(domain[i]);
  for (let k = 1; k <= n; k++) {
    const i = ((((from ?? (by > 0 ? -1 : 0)) + by * k) % n) + n) % n;
    if (shown(i)) return i;
  }
  return null;
}

function Busy() {
  const method = useOption('geometry.method');
  useSyncExternalStore(filmMaps.subscribe, filmMaps.progress);
  const busy = filmMaps.busy();
  return (
    <span className="geo-busy" role="status">
      {busy ? `Drawing ${METHOD_NAMES[method]}, step ${whole(busy.step)}: ${percent(busy.done)}` : ''}
    </span>
  );
}

/** The rollouts' map with its legend, its film and what is under the pointer. */
export function MapPanel({ frames, view, names, cloud, selected, choose, setSample, note, empty }: Props) {
  const { picture, pictures, fault } = view;
  const vocabulary = useLab((s) => s.vocabulary);
  const lit = useLab((s) => s.highlight.rollout);
  const placed = useRef<Place | null>(null);
  const [reason, setReason] = useState<string | null>(null);
  const hovered = picture && lit !== undefined && lit < picture.frame.n ? lit : null;
  const read = hovered ?? selected;
  const words = useMemo(() => (picture && names ? pictureWords(picture, names) : ''), [picture, names]);
  const chosen = useMemo(() => {
    if (!picture || !names || read === null) return null;
    return { point: pointOf(picture, read) ?? 0, text: spoken(rolloutWords(picture.frame, read, names, vocabulary)) };
  }, [picture, names, read, vocabulary]);

  const light = useCallback(
    (frame: Frame, row: number) =>
      setHighlight({ rollout: row, prompt: frame.prompt[row], domain: names?.marks[frame.domain[row]] ?? 0 }),
    [names],
  );
  const onPoint = useCallback(
    (hit: Hit) => {
      if (!picture) return;
      if (!hit) setHighlight({});
      else if ('point' in hit) light(picture.frame, rowAt(picture, hit.point));
      else {
        const prompt = picture.map.prototypes?.prompt[hit.prototype];
        setHighlight(prompt === undefined ? {} : { prompt });
      }
    },
    [picture, light],
  );
  const onPick = useCallback(
    (hit: Hit) => {
      if (picture) choose(hit && 'point' in hit ? rowAt(picture, hit.point) : null);
    },
    [picture, choose],
  );
  const onKey = useCallback(
    (key: string) => {
      if (!picture || !cloud) return false;
      // Keys may come faster than the page is drawn.
      const { highlight, selected: own } = lab.getState();
      const here = highlight.rollout ?? own;
      const by = { n: 1, N: 1, p: -1, P: -1 }[key];
      if (by) {
        const next = walk(cloud, pointOf(picture, here), by);
        if (next !== null) light(picture.frame, rowAt(picture, next));
      } else if (key === 'Enter' || key === ' ') choose(here);
      else if (key === 'Escape' && here !== null) {
        setHighlight({});
        choose(null);
      } else return false;
      return true;
    },
    [picture, cloud, choose, light],
  );

  const tooMany = fault !== null && frames.shown !== null && frames.shown.n > TSNE_MOST;
  const title = picture ? `Map of ${SOURCE_NAMES[picture.frame.source]} rollouts` : 'Map of rollouts';
  return (
    <Panel
      name="geo-panel"
      title={title}
      hint={HINT}
      aside={<Busy />}
      figure={picture && cloud && names ? () => mapFigure(title, picture, cloud, names, words, placed.current) : false}
    >
      {picture && cloud && names && <LegendBar picture={picture} cloud={cloud} names={names} />}
      {fault && (
        <p className="geo-fault" role="alert">
          {fault}{' '}
          {tooMany && (
            <button type="button" onClick={() => setSample(TSNE_MOST)}>
              Draw {whole(TSNE_MOST)} of them
            </button>
          )}
          <button type="button" onClick={() => setOption('geometry.method', 'pca')}>
            Draw PCA
          </button>
        </p>
      )}
      {frames.source === 'heldOut' && <HeldOutFault />}
      {note && (
        <p className="geo-note">
          {note} <OtherLane />
        </p>
      )}
      {picture && cloud && names ? (
        <>
          <MapCanvas
            picture={picture}
            pictures={pictures}
            cloud={cloud}
            label={title}
            words={words}
            chosen={chosen}
            onPoint={onPoint}
            onPick={onPick}
            onKey={onKey}
            onReason={setReason}
            placed={placed}
          />
          <ReadOut picture={picture} names={names} row={read} />
          {reason && picture.frame.n > 10_000 && <p className="geo-note">{reason}</p>}
          {frames.source !== 'file' && (
            <FilmBar frames={frames.film.frames} shown={frames.shown} drawn={picture.frame} pictures={pictures} />
          )}
        </>
      ) : (
        !fault && <div className="geo-map">{view.drawing ? null : <Empty>{empty}</Empty>}</div>
      )}
    </Panel>
  );
}
