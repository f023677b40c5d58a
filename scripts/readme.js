// `npm run readme`: writes the configuration table into README.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { load } from '../bin/load.js';

const { withTable } = await load('scripts/readmeTable.ts');
const path = fileURLToPath(new URL('../README.md', import.meta.url));
writeFileSync(path, withTable(readFileSync(path, 'utf8')));
