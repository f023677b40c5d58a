import { createStore } from 'zustand/vanilla';
import { catalog, vocabulary } from '../host/catalog';
import { defaultExperiment } from './link';
import { freshFleet, type LabState } from './state';
import { DEFAULT_VIEW } from './view';

const start = defaultExperiment();

/** The page's state. */
export const lab = createStore<LabState>(() => ({
  ...start,
  ...DEFAULT_VIEW,
  backend: 'auto',
  domains: catalog(start.config.tasks),
  vocabulary,
  problems: [],
  waiting: 0,
  version: 0,
  secondsPerStep: 0,
  previous: null,
  file: null,
  ...freshFleet(start),
}));
