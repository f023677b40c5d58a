import { contrastTotals } from '../../src/kernels/contrastTotals';
import { testInPlan } from './contrastPool';

testInPlan(contrastTotals, { atol: 1e-6, rtol: 5e-6 });
