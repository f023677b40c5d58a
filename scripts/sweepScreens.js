/** A sweep that a CPU trains in half a minute: two fields, four seeds, and a pruner. */
const SPEC = {
  name: 'λ × η',
  presets: ['tiny', 'mcpo-grpo'],
  changes: {
    steps: 16,
    'rollout.prompts': 10,
    'rollout.group': 4,
    'tasks.instances': 64,
    'contrast.warmup': 1,
    'eval.prompts': 1,
    'eval.samples': 1,
  },
  fields: [
    { field: 'contrast.lambda', from: 0.02, to: 1, count: 4 },
    { field: 'optimizer.lr', from: 0.0003, to: 0.01, count: 4 },
  ],
  seeds: 4,
  objective: { metric: 'reward/mean', window: 4 },
  report: 2,
  places: 16,
};

/** Photographs the Sweep view: the form, a sweep that runs, and the finished one, light, dark and on a phone. `shoot(name, full)` takes a picture. */
export async function sweepScreens(page, phone, shoot) {
  await page.getByRole('tab', { name: 'Sweep', exact: true }).click();
  const finder = page.getByRole('combobox', { name: 'Add a field to sweep' });
  for (const field of ['contrastive weight', 'learning rate']) {
    await finder.fill(field);
    await finder.press('Enter');
  }
  await page.evaluate(() => document.activeElement?.blur());
  await page.waitForTimeout(500);
  await shoot('sweep-form', true);
  await page.locator('.sweep-form').getByText('JSON', { exact: true }).click();
  await page.locator('.sweep-form textarea.code').fill(JSON.stringify(SPEC));
  await page.getByRole('button', { name: 'Start 64 trials' }).click();
  const amid = () =>
    document.querySelector('.chip.running') && document.querySelectorAll('.points-table .state-mark.finished').length >= 6;
  await page.waitForFunction(amid, null, { timeout: 600_000 });
  await page.mouse.move(4, 4);
  await shoot('sweep-running', false);
  await page.getByText(/^Finished/).waitFor({ timeout: 600_000 });
  // Importance is estimated when nothing else is to be done.
  await page.waitForTimeout(3000);
  await shoot('sweep-light', true);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.waitForTimeout(500);
  await shoot('sweep-dark', false);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(phone);
  await page.waitForTimeout(1500);
  await shoot('sweep-phone', false);
}
