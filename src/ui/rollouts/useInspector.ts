import { useCallback, useMemo } from 'react';
import { useStore } from 'zustand';
import { frameAt } from '../../store/film';
import { heldOut } from '../../store/heldOut';
import { lab } from '../../store/lab';
import { select, selectAt } from '../../store/look';
import { type Config, type Frame, shownStep } from '../../store/state';
import { useFocusedLane, useLab, useOption } from '../useLab';
import { type Group, groupOfRow, groupsOf, isMixed, type Names, namesOf } from './groups';
import { type Clip, clipOf } from './objective';

/** What every part of the inspector shows. */
export interface Inspected {
  frame: Frame;
  names: Names;
  groups: readonly Group[];
  /** The prompt at hand and one of its rollouts: the selected one, else the first of a mixed group. */
  group: Group;
  row: number;
  config: Config;
  clip: Clip;
  vocabulary: readonly string[];
  /** Selects a rollout; while training goes on its step is pinned with it, so that it stays. */
  choose(row: number): void;
}

/** The frame that the page looks at: of the film, of the user's file, or the last held-out one. */
export function useFrame(): Frame | null {
  const source = useOption('geometry.source');
  const pool = useLab((s) => frameAt(s.film, shownStep(s)));
  const file = useLab((s) => s.file);
  const held = useStore(heldOut, (s) => frameAt(s.film, null));
  return source === 'pool' ? pool : source === 'file' ? file : held;
}

/** @returns null for a frame without rollouts */
export function useInspector(frame: Frame | null): Inspected | null {
  const domains = useLab((s) => s.domains);
  const vocabulary = useLab((s) => s.vocabulary);
  const selected = useLab((s) => s.selected);
  const { config } = useFocusedLane();
  const names = useMemo(() => frame && namesOf(frame, domains), [frame, domains]);
  const groups = useMemo(() => (frame ? groupsOf(frame) : []), [frame]);
  const clip = useMemo(() => clipOf(config.objective), [config]);
  const choose = useCallback(
    (row: number) => {
      const { at, status } = lab.getState();
      if (frame?.source === 'pool' && at === null && status === 'training') selectAt(frame.step, row);
      else select(row);
    },
    [frame],
  );
  const row = selected !== null && frame && selected < frame.n ? selected : ((groups.find(isMixed) ?? groups[0])?.first ?? 0);
  const group = groupOfRow(groups, row);
  return useMemo(
    () => (frame && names && group ? { frame, names, groups, group, row, config, clip, vocabulary, choose } : null),
    [frame, names, groups, group, row, config, clip, vocabulary, choose],
  );
}
