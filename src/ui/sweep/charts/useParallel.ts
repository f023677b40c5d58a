import { useEffect, useMemo, useRef, useState } from 'react';
import { selectPoints, sweeps } from '../../../store/sweep';
import type { Model } from './model';
import { axisKeys, type Brushes, inOrder, moved, OBJECTIVE, topBrush, withinBrushes } from './parallel';

/** What is brushed and how the axes stand; the points within all brushes become the page's selection. */
export function useParallel(model: Model) {
  const [asked, setOrder] = useState<readonly string[]>([]);
  const [drawn, setBrushes] = useState<Brushes>({});
  const [top, setTop] = useState<number | null>(null);
  const [focus, setFocus] = useState<string | null>(null);
  const order = useMemo(() => inOrder(axisKeys(model), asked), [model, asked]);
  const brushes = useMemo((): Brushes => {
    const best = top === null ? null : topBrush(model, top);
    return best ? { ...drawn, [OBJECTIVE]: best } : drawn;
  }, [drawn, top, model]);
  const within = useMemo(() => withinBrushes(model, brushes), [model, brushes]);

  const ours = useRef<readonly number[] | null>(null);
  useEffect(() => {
    if (within) selectPoints(within);
    else if (ours.current) selectPoints([]);
    ours.current = within && sweeps.getState().selected;
  }, [within]);
  // A choice made elsewhere takes the place of the brushes.
  useEffect(
    () =>
      sweeps.subscribe(({ selected, id }, before) => {
        const other = ours.current && selected !== ours.current && selected !== before.selected;
        if (id === before.id && !other) return;
        // The brushes' own choice is told before it is known here.
        queueMicrotask(() => {
          if (id === before.id && (!ours.current || sweeps.getState().selected === ours.current)) return;
          ours.current = null;
          setBrushes({});
          setTop(null);
          if (id !== before.id) {
            setOrder([]);
            setFocus(null);
          }
        });
      }),
    [],
  );

  return {
    order,
    brushes,
    within,
    top,
    focus,
    setFocus,
    setTop(percent: number | null): void {
      setTop(percent);
      setBrushes(({ [OBJECTIVE]: _, ...rest }) => rest);
    },
    brush(key: string, span: readonly [number, number] | null): void {
      if (key === OBJECTIVE) setTop(null);
      setBrushes(({ [key]: _, ...rest }) => (span ? { ...rest, [key]: [Math.min(...span), Math.max(...span)] } : rest));
    },
    clear(): void {
      setTop(null);
      setBrushes({});
    },
    move(key: string, to: number): void {
      setOrder(moved(order, order.indexOf(key), to));
    },
  };
}

/** What `useParallel` gives. */
export type Parallel = ReturnType<typeof useParallel>;
