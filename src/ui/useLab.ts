import { useStore } from 'zustand';
import { lab } from '../store/lab';
import type { LabState } from '../store/state';

export const useLab = <T>(pick: (state: LabState) => T): T => useStore(lab, pick);
