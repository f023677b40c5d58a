import type { Layout, PlanBuilder } from '../gpu/plan';
import { gelu } from '../kernels/gelu';
import { geluGrad } from '../kernels/geluGrad';
import { linear } from '../kernels/linear';
import { linearGradInput } from '../kernels/linearGradInput';
import { linearGradWeight } from '../kernels/linearGradWeight';
import type { ParameterLayout } from './parameters';
import type { HeadShape } from './shape';

/** The projection head u = W₂ act(W₁ h + b₁) + b₂ of equation (4), over a pool of N rollouts. */
export interface HeadContext {
  pool: number;
  head: HeadShape;
  parameters: ParameterLayout;
  /** Gradient parts C of `grad`; the head's gradient lies in part 0. */
  parts: number;
}

/** What the output layer reads, and the activation that it applies: GELU has kernels of its own. */
const OUTPUT = { relu: { input: 'a', activation: 1 }, gelu: { input: 'q', activation: 0 } } as const;

/** Declares the head’s activations f32[N, …] and their gradients. */
export function headResources(layout: Layout, { pool, head }: HeadContext): void {
  layout.add('contrast.h', 'f32', pool * head.input);
  layout.add('contrast.a', 'f32', pool * head.hidden);
  if (head.activation === 'gelu') layout.add('contrast.q', 'f32', pool * head.hidden);
  layout.add('contrast.u', 'f32', pool * head.width);
  layout.add('contrast.du', 'f32', pool * head.width);
  layout.add('contrast.da', 'f32', pool * head.hidden);
  layout.add('contrast.dh', 'f32', pool * head.input);
}

/** `contrast.h` → `contrast.u`. */
export function addHead(b: PlanBuilder, { pool, head, parameters }: HeadContext): void {
  const apply = (name: string, x: string, y: string, activation: number) => {
    const { offset, rows: outputs, columns: inputs } = parameters.at(`head.${name}.weight`);
    const bias = parameters.at(`head.${name}.bias`).offset;
    b.add(
      linear,
      { rows: pool, inputs, outputs, weight: offset, bias, stride: parameters.size, activation, accumulate: 0 },
      { x: `contrast.${x}`, parameters: 'parameters', y: `contrast.${y}` },
      `head.${name}`,
    );
  };
  apply('hidden', 'h', 'a', 0);
  const { input, activation } = OUTPUT[head.activation];
  if (head.activation === 'gelu')
    b.add(gelu, { size: pool * head.hidden }, { x: 'contrast.a', y: 'contrast.q' }, 'head.activation');
  apply('output', input, 'u', activation);
}

/** `contrast.du` → the head's gradient in `grad` and `contrast.dh`. */
export function addHeadGrad(b: PlanBuilder, { pool, head, parameters, parts }: HeadContext): void {
  const stride = parameters.size;
  const layer = (name: string, x: string, dy: string, dx: string, activation: number) => {
    const { offset: weight, rows: outputs, columns: inputs } = parameters.at(`head.${name}.weight`);
    const bias = parameters.at(`head.${name}.bias`).offset;
    b.add(
      linearGradWeight,
      {
        rows: pool,
        inputs,
        outputs,
        weight,
        bias,
        stride,
        parts: 1,
        segments: 0,
        segmentsLength: 1,
        rowsPerPrompt: 1,
        activation,
        gradLength: parts * stride,
      },
      { x: `contrast.${x}`, dy: `contrast.${dy}`, segments: 'batch.segments', grad: 'grad' },
      `head.${name} dW`,
    );
    b.add(
      linearGradInput,
      { rows: pool, inputs, outputs, weight, stride, activation, accumulate: 0 },
      { dy: `contrast.${dy}`, parameters: 'parameters', pre: `contrast.${x}`, dx: `contrast.${dx}` },
      `head.${name} dx`,
    );
  };
  const { input, activation } = OUTPUT[head.activation];
  layer('output', input, 'du', 'da', activation);
  if (head.activation === 'gelu')
    b.add(geluGrad, { size: pool * head.hidden }, { x: 'contrast.a', dx: 'contrast.da' }, 'head.activation dx');
  layer('hidden', 'h', 'da', 'dh', 0);
}
