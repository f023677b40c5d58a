import { spreadTotals } from '../../src/kernels/spreadTotals';
import { testInPlan } from './contrastPool';

testInPlan(spreadTotals, { atol: 1e-6, rtol: 2e-6 });
