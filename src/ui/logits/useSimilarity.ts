import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { analysis, isCancelled, type SimilarityView } from '../../store/analysis';
import { lab } from '../../store/lab';
import { select, selectAt } from '../../store/look';
import type { Config, Frame } from '../../store/state';
import { contrastOptions } from './options';

/** A pool with its matrix. */
export interface Matrix {
  frame: Frame;
  /** What it was made with. */
  key: string;
  view: SimilarityView;
}

/** Cells of all matrices that are kept at most: 32 MB. */
const MOST = 8_000_000;
/** Between the last move of the cursor and the request. */
const CALM = 150;

/** Matrices, the one used last at the end. */
let kept: Matrix[] = [];

function keep(matrix: Matrix): void {
  kept = [...kept.filter((m) => m !== matrix), matrix];
  while (kept.length > 1 && kept.reduce((cells, m) => cells + m.view.n ** 2, 0) > MOST) kept = kept.slice(1);
}

/** The matrix of a pool, and how it comes about. */
export interface Similarity {
  /** Of the pool asked for where it is known, else the last one of the same run. */
  matrix: Matrix | null;
  /** It is that of the pool asked for. */
  current: boolean;
  /** Share done while it is made. */
  busy: number | null;
  fault: string | null;
  compute(): void;
}

/** Selects a row of the matrix's pool; pins its step where the page looks at another, or would soon. */
export function chooseRow({ frame }: Matrix, at: { frame: Frame | null; file: boolean }, row: number): void {
  const { at: pinned, status } = lab.getState();
  if (at.file) select(row);
  else if (frame !== at.frame || (pinned === null && status === 'training')) selectAt(frame.step, row);
  else select(row);
}

/** Makes the matrix of a frame on demand, or, with `auto`, as soon as the cursor rests on it. */
export function useSimilarity(frame: Frame | null, config: Config, auto: boolean): Similarity {
  const options = useMemo(() => contrastOptions(config), [config]);
  const key = JSON.stringify(options);
  const known = useCallback((f: Frame | null) => kept.find((m) => m.frame === f && m.key === key), [key]);
  const [last, setLast] = useState<Matrix | null>(null);
  const [busy, setBusy] = useState<{ of: Frame; done: number } | null>(null);
  const [fault, setFault] = useState<{ of: Frame; text: string } | null>(null);
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);

  const compute = useCallback(() => {
    if (!frame?.vectors) return;
    stop.current?.abort();
    const controller = new AbortController();
    stop.current = controller;
    setBusy({ of: frame, done: 0 });
    setFault(null);
    const progress = (done: number) => setBusy({ of: frame, done });
    analysis()
      .similarity(frame, options, { signal: controller.signal, progress, channel: 'similarity' })
      .then(
        (view) => {
          const made = { frame, key, view };
          keep(made);
          setLast(made);
          setBusy(null);
        },
        (error: Error) => {
          if (isCancelled(error)) return;
          setBusy(null);
          setFault({ of: frame, text: error.message });
        },
      );
  }, [frame, options, key]);

  const lacking = frame?.vectors != null && !known(frame) && busy?.of !== frame && fault?.of !== frame;
  useEffect(() => {
    if (!auto || !lacking) return;
    const timer = setTimeout(compute, CALM);
    return () => clearTimeout(timer);
  }, [auto, lacking, compute]);

  const found = known(frame);
  const same = frame && last?.frame.run === frame.run && last.frame.source === frame.source && last.key === key;
  const matrix = found ?? (same ? last : null);
  useEffect(() => {
    if (!found) return;
    keep(found);
    setLast(found);
  }, [found]);
  return {
    matrix,
    current: found !== undefined,
    busy: busy?.done ?? null,
    fault: fault?.of === frame ? fault.text : null,
    compute,
  };
}
