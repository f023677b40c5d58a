import { normalizeRowsGrad } from '../../src/kernels/normalizeRowsGrad';
import { testInPlan } from './contrastPool';

testInPlan(normalizeRowsGrad, { atol: 1e-7, rtol: 1e-5 });
