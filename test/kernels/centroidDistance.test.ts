import { centroidDistance } from '../../src/kernels/centroidDistance';
import { testInPlan } from './contrastPool';

testInPlan(centroidDistance, { atol: 1e-7, rtol: 1e-5 });
