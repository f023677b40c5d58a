import { compatibility } from '../../src/kernels/compatibility';
import { testInPlan } from './contrastPool';

testInPlan(compatibility, { atol: 1e-6, rtol: 0 });
