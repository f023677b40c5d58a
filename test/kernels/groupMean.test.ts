import { groupMean } from '../../src/kernels/groupMean';
import { testInPlan } from './contrastPool';

testInPlan(groupMean, { atol: 5e-7, rtol: 1e-6 });
