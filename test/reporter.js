// Vitest reporter: writes the true totals to the file that MCPO_TOTALS names.
import { writeFileSync } from 'node:fs';

export default class {
  onTestRunEnd(modules, unhandledErrors) {
    const totals = { passed: 0, failed: 0, skipped: 0, faults: [], files: [] };
    for (const module of modules) {
      totals.files.push(module.moduleId);
      let failed = 0;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed' || state === 'skipped') totals[state]++;
        else failed++;
      }
      totals.failed += failed;
      if (failed === 0 && module.state() !== 'passed' && module.state() !== 'skipped')
        totals.faults.push(`${module.relativeModuleId} did not run to its end`);
    }
    for (const error of unhandledErrors) totals.faults.push(`unhandled: ${String(error.message).split('\n')[0]}`);
    writeFileSync(process.env.MCPO_TOTALS, JSON.stringify(totals));
  }
}
