import { logSumExpNegatives } from '../../src/kernels/logSumExpNegatives';
import { testInPlan } from './contrastPool';

testInPlan(logSumExpNegatives, { atol: 2e-5, rtol: 2e-6 });
