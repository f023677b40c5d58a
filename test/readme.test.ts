import { expect, test } from 'vitest';
import readme from '../README.md?raw';
import { withTable } from '../scripts/readmeTable';

test('the configuration table of the README is the schema (refresh it with `npm run readme`)', () => {
  expect(readme).toBe(withTable(readme));
});
