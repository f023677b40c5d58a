import { gru as gruKernel } from '../kernels/gru';
import { gruGrad } from '../kernels/gruGrad';
import {
  addLinear,
  addLinearGrad,
  addNorm,
  addNormGrad,
  addRows,
  addWeightGrad,
  type Backbone,
  type PolicyContext,
  sequenceShape,
} from './layers';

const cellShape = (c: PolicyContext, l: number) => ({
  ...sequenceShape(c),
  weight: c.parameters.at(`policy.layers.${l}.hiddenGates`).offset,
  stride: c.parameters.size,
});

/** Pre-norm gated recurrent units whose states are added to the residual stream. */
export const gru: Backbone = {
  resources(layout, c) {
    const { width, layers } = c.policy;
    for (let l = 0; l < layers; l++) {
      addRows(layout, c, `${l}.norm1`, width);
      addRows(layout, c, `${l}.inv1`, 1);
      addRows(layout, c, `${l}.gates`, 3 * width);
      addRows(layout, c, `${l}.hidden`, width);
      addRows(layout, c, `${l}.candidate`, width);
    }
    addRows(layout, c, 'dgates', 3 * width);
    addRows(layout, c, 'dhidden', 3 * width);
    layout.add('policy.carry', 'f32', (c.batch.prompts / c.batch.miniBatches) * c.batch.group * width);
  },

  addLayers(b, c) {
    for (let l = 0; l < c.policy.layers; l++) {
      addNorm(b, c, `${l}.norm1`, `${l}.inv1`);
      const name = `policy.layers.${l}`;
      addLinear(b, c, { tensor: `${name}.inputGates`, bias: `${name}.gateBias`, x: `${l}.norm1`, y: `${l}.gates` });
      b.add(
        gruKernel,
        cellShape(c, l),
        {
          parameters: 'parameters',
          gates: `policy.${l}.gates`,
          hidden: `policy.${l}.hidden`,
          candidate: `policy.${l}.candidate`,
          x: 'policy.x',
        },
        `${l}.gru`,
      );
    }
  },

  addLayersGrad(b, c, segments) {
    for (let l = c.policy.layers - 1; l >= 0; l--) {
      const name = `policy.layers.${l}`;
      b.add(
        gruGrad,
        cellShape(c, l),
        {
          parameters: 'parameters',
          gates: `policy.${l}.gates`,
          hidden: `policy.${l}.hidden`,
          candidate: `policy.${l}.candidate`,
          dx: 'policy.dx',
          dgates: 'policy.dgates',
          dhidden: 'policy.dhidden',
          carry: 'policy.carry',
        },
        `${l}.gru dx`,
      );
      addWeightGrad(b, c, segments, { tensor: `${name}.hiddenGates`, x: `${l}.hidden`, dy: 'dhidden' });
      addLinearGrad(b, c, segments, {
        tensor: `${name}.inputGates`,
        bias: `${name}.gateBias`,
        x: `${l}.norm1`,
        dy: 'dgates',
        dx: 'dnorm',
      });
      addNormGrad(b, c, `${l}.norm1`, `${l}.inv1`, 1);
    }
  },
};
