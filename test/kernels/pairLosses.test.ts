import { pairLosses } from '../../src/kernels/pairLosses';
import { testInPlan } from './contrastPool';

testInPlan(pairLosses, { atol: 2e-5, rtol: 1e-5 });
