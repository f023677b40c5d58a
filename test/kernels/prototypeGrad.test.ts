import { prototypeGrad } from '../../src/kernels/prototypeGrad';
import { testInPlan } from './contrastPool';

testInPlan(prototypeGrad, { atol: 2e-6, rtol: 1e-5 });
