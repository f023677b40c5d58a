import { type PointerEvent, useCallback, useMemo, useRef } from 'react';
import type { Cloud } from '../../charts/cloud';
import type { Size } from '../../charts/drawContext';
import { drawScatter, pointAt } from '../../charts/scatter';
import type { View } from '../../charts/view';
import { lab } from '../../store/lab';
import { select, selectAt, setHighlight, setOption, show } from '../../store/look';
import { Canvas, type Draw } from '../Canvas';
import { pictureWords } from '../geometry/describe';
import type { Picture } from '../geometry/filmMaps';
import { cloudOf, dressed } from '../geometry/mapCloud';
import { mapFigure } from '../geometry/mapFigure';
import { type FrameNames, frameNames } from '../geometry/source';
import { useFilmMaps, useFrames } from '../geometry/useFilm';
import { steadyView } from '../geometry/viewport';
import { LaneMark } from '../LaneMark';
import { Empty, Panel } from '../Panel';
import { useFocused, useFocusedLane, useLab } from '../useLab';
import { usePalette } from '../usePalette';
import { BEFORE, HINT, TITLE } from './poolWords';

/** Opens a rollout in the geometry view; it stays while training goes on. */
function inspect({ frame }: Picture, row: number): void {
  setOption('geometry.source', 'pool');
  if (lab.getState().status === 'training') selectAt(frame.step, row);
  else select(row);
  show('geometry');
}

interface Props {
  picture: Picture;
  cloud: Cloud;
  names: FrameNames;
}

/** The map alone: hover reads, a press opens the inspector. */
function SmallMap({ picture, cloud, names }: Props) {
  const palette = usePalette();
  const highlight = useLab((s) => s.highlight);
  const view = useRef<View | null>(null);
  const drawn = useRef<Size>({ width: 0, height: 0 });
  const chart = useMemo(() => dressed(cloud, picture, { selected: null, highlight, arrows: [] }), [cloud, picture, highlight]);
  const draw: Draw = useCallback(
    (context, size) => {
      if (size.width !== drawn.current.width || size.height !== drawn.current.height) view.current = null;
      drawn.current = size;
      view.current = steadyView(view.current, [picture.map.points], size);
      drawScatter(context, size, chart, view.current, palette);
    },
    [chart, picture, palette],
  );
  const hit = ({ nativeEvent: { offsetX, offsetY } }: PointerEvent) =>
    view.current ? pointAt(cloud, drawn.current, view.current, offsetX, offsetY) : -1;
  return (
    <div className="plot">
      <Canvas
        draw={draw}
        role="img"
        aria-label={pictureWords(picture, names, false)}
        onPointerMove={(event) => {
          const row = hit(event);
          const { prompt, domain } = picture.frame;
          setHighlight(row < 0 ? {} : { rollout: row, prompt: prompt[row], domain: names.marks[domain[row]] });
        }}
        onPointerLeave={() => setHighlight({})}
        onClick={(event) => {
          const row = hit(event as unknown as PointerEvent);
          if (row >= 0) inspect(picture, row);
        }}
      />
    </div>
  );
}

/** A small map of the focused run's pool, which follows the training; the geometry view has all the rest. */
export default function PoolMap() {
  const { label } = useFocusedLane();
  const { lane, seed } = useFocused();
  const domains = useLab((s) => s.domains);
  const muted = useLab((s) => s.muted);
  const many = useLab((s) => s.lanes.length > 1);
  const options = useMemo(() => ({ method: 'pca', dimensions: 2, seed, prototypes: true }) as const, [seed]);
  const { picture, fault } = useFilmMaps(useFrames('pool'), options, false);
  const names = useMemo(() => picture && frameNames(picture.frame, domains), [picture, domains]);
  const cloud = useMemo(
    () =>
      picture &&
      names &&
      cloudOf(picture, names, { color: 'domain', show: 'all', muted, means: false, links: false, trails: [] }, null),
    [picture, names, muted],
  );
  return (
    <Panel
      name="pool"
      title={TITLE}
      hint={HINT}
      aside={
        <>
          {many && (
            <>
              <LaneMark lane={lane} /> {label}{' '}
            </>
          )}
          {picture && !many && (
            <>
              step <b>{picture.frame.step}</b>{' '}
            </>
          )}
          <button type="button" className="text" onClick={() => show('geometry')}>
            Open
          </button>
        </>
      }
      figure={
        picture && cloud && names
          ? () => mapFigure(TITLE, picture, cloud, names, pictureWords(picture, names, false), null)
          : false
      }
    >
      {picture && cloud && names ? <SmallMap picture={picture} cloud={cloud} names={names} /> : <Empty>{fault ?? BEFORE}</Empty>}
    </Panel>
  );
}
