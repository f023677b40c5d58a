import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import type { FilmOptions } from '../../store/analysis';
import { type Film, frameAt } from '../../store/film';
import { heldOut, watchHeldOut } from '../../store/heldOut';
import { type Frame, shownStep } from '../../store/state';
import { useFocused, useFocusedLane, useLab, useOption } from '../useLab';
import { useTraced } from '../useTraced';
import { filmMaps, type Picture } from './filmMaps';
import { type Source, sourceOf } from './source';

/** The frames that the view looks at. */
export interface Frames {
  source: Source;
  film: Film;
  /** The frame of the step that is shown; null as long as there is none. */
  shown: Frame | null;
}

const NONE: readonly Frame[] = [];

/** Frames of the chosen source, or of the one that stands in for it; held-out ones are kept up to date while they are looked at. */
export function useFrames(wanted: Source): Frames {
  const { config } = useFocusedLane();
  const source = sourceOf(wanted, config);
  const pool = useLab((s) => s.film);
  const others = useStore(heldOut, (s) => s.film);
  const file = useLab((s) => s.file);
  const at = useLab(shownStep);
  useEffect(() => (source === 'heldOut' ? watchHeldOut() : undefined), [source]);
  return useMemo(() => {
    const film = source === 'pool' ? pool : source === 'heldOut' ? others : { frames: file ? [file] : NONE, stride: 1 };
    return { source, film, shown: frameAt(film, at) };
  }, [source, pool, others, file, at]);
}

/** How maps are drawn, by the view's choices; `sample`: draw so many rollouts at most. */
export function useFilmOptions(sample: number | null): FilmOptions {
  const method = useOption('geometry.method');
  const dimensions = useOption('geometry.dimensions') === '3' ? 3 : 2;
  const perplexity = useOption('geometry.perplexity');
  const neighbours = useOption('geometry.neighbours');
  const { seed } = useFocused();
  return useMemo(
    () => ({
      method,
      dimensions,
      seed,
      prototypes: true,
      ...(method === 'tsne' && perplexity !== 'auto' ? { perplexity: Number(perplexity) } : {}),
      ...(method === 'umap' ? { neighbours: Number(neighbours) } : {}),
      ...(sample !== null ? { sample } : {}),
    }),
    [method, dimensions, seed, perplexity, neighbours, sample],
  );
}

/** What there is to show of a film. */
export interface FilmView {
  picture: Picture | null;
  /** Maps that are there. */
  pictures: readonly Picture[];
  /** Whether the shown frame's map is under way. */
  drawing: boolean;
  fault: string | null;
}

/** Draws the maps of frames in the worker, the shown one first. */
export function useFilmMaps({ film, shown }: Frames, options: FilmOptions, whole: boolean): FilmView {
  const training = useLab((s) => s.status === 'training');
  const { frames } = film;
  const fill = whole && !training;
  useEffect(() => {
    filmMaps.want(shown?.vectors ? { frames, shown, options, fill } : null);
  }, [frames, shown, options, fill]);
  useEffect(() => () => filmMaps.want(null), []);
  const version = useSyncExternalStore(filmMaps.subscribe, filmMaps.version);
  return useTraced(
    version,
    () => ({
      picture: filmMaps.current(),
      pictures: filmMaps.pictures(),
      drawing: filmMaps.busy() !== null,
      fault: filmMaps.fault(),
    }),
    [],
  );
}
