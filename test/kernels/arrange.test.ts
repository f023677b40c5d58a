import { arrange } from '../../src/kernels/arrange';
import { testInPlan } from './contrastPool';

testInPlan(arrange, { atol: 0, rtol: 0 });
