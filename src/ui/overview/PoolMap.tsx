import { type PointerEvent, useCallback, useEffect, useMemo, useRef } from 'react';
import { useStore } from 'zustand';
import type { Cloud } from '../../charts/cloud';
import type { Size } from '../../charts/drawContext';
import { drawScatter, pointAt } from '../../charts/scatter';
import type { View } from '../../charts/view';
import { EMPTY_FILM, frameAt } from '../../store/film';
import { lab } from '../../store/lab';
import { select, selectAt, setHighlight, setOption, show } from '../../store/look';
import { focusRun } from '../../store/opening';
import { sidePool, watchSidePool } from '../../store/sidePool';
import { shownStep } from '../../store/state';
import { Canvas, type Draw } from '../Canvas';
import { pictureWords } from '../geometry/describe';
import type { Picture } from '../geometry/filmMaps';
import { cloudOf, dressed } from '../geometry/mapCloud';
import { mapFigure } from '../geometry/mapFigure';
import { type FrameNames, frameNames } from '../geometry/source';
import { type Frames, useFilmMaps } from '../geometry/useFilm';
import { steadyView } from '../geometry/viewport';
import { LaneMark } from '../LaneMark';
import { Empty, Panel } from '../Panel';
import { useLab, useNoPool } from '../useLab';
import { usePalette } from '../usePalette';
import { BEFORE, HINT, SIDE, TITLE } from './poolWords';

/** Opens the geometry view of a run. */
function openRun(run: number): void {
  focusRun(run);
  show('geometry');
}

/** Opens a rollout in the geometry view; it stays while training goes on. A run that was not the focused one begins there with its newest pool. */
function inspect({ frame }: Picture, row: number): void {
  if (frame.run !== lab.getState().focus) {
    openRun(frame.run);
    return;
  }
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
          const { prompt, domain, run } = picture.frame;
          // Rows and prompts of another run than the focused one are others.
          const own = run === lab.getState().focus;
          const of = { domain: names.marks[domain[row]] };
          setHighlight(row < 0 ? {} : own ? { rollout: row, prompt: prompt[row], ...of } : of);
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

/** The pools of a run; of another than the focused one they are asked for while this shows. */
function usePools(run: number): Frames {
  const own = useLab((s) => s.focus === run);
  const film = useLab((s) => s.film);
  const side = useStore(sidePool);
  const at = useLab(shownStep);
  useEffect(() => (own ? undefined : watchSidePool(run)), [own, run]);
  return useMemo(() => {
    const shown = own ? film : side.run === run ? side.film : EMPTY_FILM;
    return { source: 'pool', film: shown, shown: frameAt(shown, at) };
  }, [own, film, side, run, at]);
}

/** A small map of a run's pool, which follows the training; the geometry view has all the rest. */
export default function PoolMap({ run }: { run: number }) {
  const { lane, seed } = useLab((s) => s.runs[run]);
  const { label } = useLab((s) => s.lanes[lane]);
  const own = useLab((s) => s.focus === run);
  const domains = useLab((s) => s.domains);
  const muted = useLab((s) => s.muted);
  const many = useLab((s) => s.lanes.length > 1);
  const options = useMemo(() => ({ method: 'pca', dimensions: 2, seed, prototypes: true }) as const, [seed]);
  const nothing = useNoPool(BEFORE);
  const { picture, fault } = useFilmMaps(usePools(run), options, false);
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
      hint={own ? HINT : `${HINT} ${SIDE}`}
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
          <button type="button" className="text" onClick={() => openRun(run)}>
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
      {picture && cloud && names ? <SmallMap picture={picture} cloud={cloud} names={names} /> : <Empty>{fault ?? nothing}</Empty>}
    </Panel>
  );
}
