import { normalizeRows } from '../../src/kernels/normalizeRows';
import { testInPlan } from './contrastPool';

testInPlan(normalizeRows, { atol: 1e-7, rtol: 1e-6 });
