import type { RunRecord } from '../../store/glances';
import { attempt, branchKept, openFleet, removeRuns, rollbackKept } from '../../store/kept';
import { library } from '../../store/library';
import { show } from '../../store/look';
import { dismissToast, tell } from '../../store/runsView';
import { branchRun, rollbackFleet } from '../../store/travel';

/** Puts a run's fleet onto the page and shows it. */
export const openRun = (run: RunRecord): Promise<boolean> =>
  attempt(`"${run.name}" could not be opened`, async () => {
    await openFleet(run.fleet);
    show('overview');
  });

/** Puts runs into the bin. */
export const remove = (runs: readonly RunRecord[]): Promise<boolean> =>
  attempt(runs.length === 1 ? `"${runs[0].name}" was not deleted` : 'Nothing was deleted', () =>
    removeRuns(runs.map((r) => r.id)),
  );

/** Takes a run's fleet back to a step: on the page when it is there. */
export const rollBack = (run: RunRecord, step: number): Promise<boolean> =>
  attempt(`"${run.name}" was not taken back`, async () => {
    if (library.getState().fleet !== run.fleet) return rollbackKept(run.fleet, step);
    const done = await rollbackFleet(step);
    tell(`Taken back from step ${done.from} to ${done.step}`, async () => {
      await done.undo();
      dismissToast();
    });
  });

/** Begins a new run from a step of an old one. */
export const branch = (run: RunRecord, step: number): Promise<boolean> =>
  attempt(`There is no branch of "${run.name}"`, async () => {
    const { fleet, onPage } = library.getState();
    if (fleet !== run.fleet) await branchKept(run, step);
    else {
      const from = await branchRun(onPage.indexOf(run.id), step, {});
      tell(`The branch from step ${from} is on the page; "${run.name}" stays as it is`);
    }
    show('overview');
  });
