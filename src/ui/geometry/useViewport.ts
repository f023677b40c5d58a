import { useCallback, useMemo, useRef, useState } from 'react';
import { HOME, type Stage } from '../../charts/camera';
import type { Size } from '../../charts/drawContext';
import type { View } from '../../charts/view';
import type { Picture } from './filmMaps';
import { inSpace, type Place, steadyStage, steadyView } from './viewport';

/** Where a map is looked at from, and the place that shows all of its film. */
export interface Viewport {
  place: Place;
  home: Place;
  /** Moves; null: back home. */
  move(place: Place | null): void;
}

/** What maps of one kind have in common: another kind is looked at anew. */
const kindOf = ({ frame, map }: Picture) => `${frame.source} ${map.method} ${map.dimensions}`;

/** Keeps the view: it follows the film until the user moves it. */
export function useViewport(picture: Picture | null, pictures: readonly Picture[], size: Size): Viewport | null {
  const steady = useRef<{ key: string; view: View | null; stage: Stage | null }>({ key: '', view: null, stage: null });
  const [moved, setMoved] = useState<{ kind: string; place: Place } | null>(null);
  const kind = picture ? kindOf(picture) : '';
  /** Nothing moves under the pointer while more of the film is drawn: the next picture's view is the first to regard it. */
  const film = useRef(pictures);
  film.current = pictures;
  const home = useMemo((): Place | null => {
    if (!picture || size.width === 0) return null;
    const key = `${kind} ${size.width} ${size.height}`;
    if (steady.current.key !== key) steady.current = { key, view: null, stage: null };
    const { current } = steady;
    const maps = [picture, ...film.current.filter((p) => kindOf(p) === kind)].map((p) => p.map.points);
    if (picture.map.dimensions === 2) return (current.view = steadyView(current.view, maps, size));
    current.stage = steadyStage(current.stage, maps);
    return { camera: HOME, stage: current.stage };
  }, [picture, kind, size]);
  const move = useCallback((place: Place | null) => setMoved(place && { kind, place }), [kind]);
  return useMemo(() => {
    if (!home) return null;
    const own = moved?.kind === kind ? moved.place : null;
    const place = own && inSpace(own) && inSpace(home) ? { camera: own.camera, stage: home.stage } : (own ?? home);
    return { place, home, move };
  }, [home, moved, kind, move]);
}
