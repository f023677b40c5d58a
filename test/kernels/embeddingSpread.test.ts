import { embeddingSpread } from '../../src/kernels/embeddingSpread';
import { testInPlan } from './contrastPool';

testInPlan(embeddingSpread, { atol: 2e-5, rtol: 1e-5 });
