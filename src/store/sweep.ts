import './sweepRun';

/** The page's sweeps: what is kept, the one on the page, and what people do with them. Loaded with the first part that needs it. */

export { exportSweep, importSweep, type SweepFormat } from './sweepFiles';
export {
  deleteSweep,
  leaveSweep,
  openSweep,
  orderSweep,
  pauseSweep,
  playSweep,
  purgeSweeps,
  renameSweep,
  startSweep,
  undoDeleteSweep,
} from './sweepRun';
export {
  dismissSweepError,
  dismissSweepNotice,
  highlightPoint,
  type SweepRecord,
  type SweepsState,
  selectPoints,
  sweeps,
} from './sweepState';
export { openTrial } from './sweepTrial';
