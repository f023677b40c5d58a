import { compatibilityGrad } from '../../src/kernels/compatibilityGrad';
import { testInPlan } from './contrastPool';

testInPlan(compatibilityGrad, { atol: 2e-6, rtol: 1e-5 });
