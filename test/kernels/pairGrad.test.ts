import { pairGrad } from '../../src/kernels/pairGrad';
import { testInPlan } from './contrastPool';

testInPlan(pairGrad, { atol: 1e-6, rtol: 1e-5 });
