import { attention } from '../kernels/attention';
import { attentionGradKey } from '../kernels/attentionGradKey';
import { attentionGradQuery } from '../kernels/attentionGradQuery';
import {
  addLinear,
  addLinearGrad,
  addNorm,
  addNormGrad,
  addRows,
  type Backbone,
  type PolicyContext,
  sequenceShape,
} from './layers';

const RELU_SQUARED = 2;
const attentionShape = (c: PolicyContext) => ({ ...sequenceShape(c), heads: c.policy.heads });

/** Pre-norm causal transformer: attention, then an MLP with squared ReLU. */
export const transformer: Backbone = {
  resources(layout, c) {
    const { width, heads, layers } = c.policy;
    for (let l = 0; l < layers; l++) {
      addRows(layout, c, `${l}.norm1`, width);
      addRows(layout, c, `${l}.inv1`, 1);
      addRows(layout, c, `${l}.qkv`, 3 * width);
      addRows(layout, c, `${l}.attention`, width);
      addRows(layout, c, `${l}.lse`, heads);
      addRows(layout, c, `${l}.norm2`, width);
      addRows(layout, c, `${l}.inv2`, 1);
      addRows(layout, c, `${l}.up`, 4 * width);
    }
    addRows(layout, c, 'dqkv', 3 * width);
    addRows(layout, c, 'delta', heads);
    addRows(layout, c, 'dup', 4 * width);
  },

  addLayers(b, c) {
    for (let l = 0; l < c.policy.layers; l++) {
      const name = `policy.layers.${l}`;
      addNorm(b, c, `${l}.norm1`, `${l}.inv1`);
      addLinear(b, c, { tensor: `${name}.qkv`, x: `${l}.norm1`, y: `${l}.qkv` });
      b.add(
        attention,
        attentionShape(c),
        { qkv: `policy.${l}.qkv`, out: `policy.${l}.attention`, lse: `policy.${l}.lse` },
        `${l}.attention`,
      );
      addLinear(b, c, { tensor: `${name}.out`, x: `${l}.attention`, y: 'x', accumulate: 1 });
      addNorm(b, c, `${l}.norm2`, `${l}.inv2`);
      addLinear(b, c, { tensor: `${name}.up`, x: `${l}.norm2`, y: `${l}.up` });
      addLinear(b, c, { tensor: `${name}.down`, x: `${l}.up`, y: 'x', activation: RELU_SQUARED, accumulate: 1 });
    }
  },

  addLayersGrad(b, c, segments) {
    for (let l = c.policy.layers - 1; l >= 0; l--) {
      const name = `policy.layers.${l}`;
      addLinearGrad(b, c, segments, { tensor: `${name}.down`, x: `${l}.up`, dy: 'dx', dx: 'dup', activation: RELU_SQUARED });
      addLinearGrad(b, c, segments, { tensor: `${name}.up`, x: `${l}.norm2`, dy: 'dup', dx: 'dnorm' });
      addNormGrad(b, c, `${l}.norm2`, `${l}.inv2`, 1);
      addLinearGrad(b, c, segments, { tensor: `${name}.out`, x: `${l}.attention`, dy: 'dx', dx: 'dnorm' });
      b.add(
        attentionGradQuery,
        attentionShape(c),
        {
          qkv: `policy.${l}.qkv`,
          out: `policy.${l}.attention`,
          dout: 'policy.dnorm',
          lse: `policy.${l}.lse`,
          dqkv: 'policy.dqkv',
          delta: 'policy.delta',
        },
        `${l}.attention dq`,
      );
      b.add(
        attentionGradKey,
        attentionShape(c),
        { qkv: `policy.${l}.qkv`, dout: 'policy.dnorm', lse: `policy.${l}.lse`, delta: 'policy.delta', dqkv: 'policy.dqkv' },
        `${l}.attention dk dv`,
      );
      addLinearGrad(b, c, segments, { tensor: `${name}.qkv`, x: `${l}.norm1`, dy: 'dqkv', dx: 'dnorm' });
      addNormGrad(b, c, `${l}.norm1`, `${l}.inv1`, 1);
    }
  },
};
