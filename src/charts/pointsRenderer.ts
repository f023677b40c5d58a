import wgsl from '../../shaders/view/points.wgsl?raw';
import type { Scene } from './camera';
import { type Cloud, type Look, lookOf } from './cloud';
import type { Size } from './drawContext';
import type { Palette } from './palette';
import { looks, orderOf, outlines, positions, VIEW_SIZE, viewOf } from './pointsData';
import type { View } from './view';

/** Clouds with more points than this are worth a device. */
export const GPU_FROM = 10_000;

/** Draws a cloud's points with WebGPU on a canvas of its own; all else is drawn on a 2D canvas above. */
export interface PointsRenderer {
  draw(cloud: Cloud, view: View | Scene, size: Size, ratio: number, palette: Palette): void;
  destroy(): void;
}

/** A buffer that grows with what is written to it. */
class Growing {
  buffer: GPUBuffer | null = null;
  constructor(
    private readonly device: GPUDevice,
    private readonly label: string,
    private readonly usage: number,
  ) {}

  /** Whether the buffer is a new one. */
  write(data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>): boolean {
    const grown = !this.buffer || this.buffer.size < data.byteLength;
    if (grown) {
      this.buffer?.destroy();
      const size = Math.max(16, data.byteLength);
      this.buffer = this.device.createBuffer({ label: this.label, size, usage: this.usage | GPUBufferUsage.COPY_DST });
    }
    if (data.byteLength) this.device.queue.writeBuffer(this.buffer!, 0, data);
    return grown;
  }
}

const COVER: GPUBlendComponent = { srcFactor: 'one', dstFactor: 'one-minus-src-alpha', operation: 'add' };

async function pipelineOf(device: GPUDevice, format: GPUTextureFormat): Promise<GPURenderPipeline> {
  const module = device.createShaderModule({ label: 'points', code: wgsl });
  return device.createRenderPipelineAsync({
    label: 'points',
    layout: 'auto',
    vertex: { module, entryPoint: 'place' },
    fragment: { module, entryPoint: 'paint', targets: [{ format, blend: { color: COVER, alpha: COVER } }] },
    primitive: { topology: 'triangle-list' },
  });
}

/**
 * A renderer on a device that the caller owns. `canvas` must not have another context; its size is set with every picture.
 * @throws Error when the canvas gives no WebGPU context or the pipeline cannot be made
 */
export async function pointsRenderer(
  device: GPUDevice,
  canvas: HTMLCanvasElement,
  format: GPUTextureFormat,
): Promise<PointsRenderer> {
  const pipeline = await pipelineOf(device, format);
  const context = canvas.getContext('webgpu');
  if (!context) throw new Error('the canvas gives no WebGPU context');
  context.configure({ device, format, alphaMode: 'premultiplied' });
  const buffer = (label: string) => new Growing(device, `points.${label}`, GPUBufferUsage.STORAGE);
  const stores = { points: buffer('points'), looks: buffer('looks'), order: buffer('order'), outlines: buffer('outlines') };
  const uniform = new Growing(device, 'points.view', GPUBufferUsage.UNIFORM);
  stores.outlines.write(outlines());
  uniform.write(new Float32Array(VIEW_SIZE));
  let group: GPUBindGroup | null = null;
  let last: { points: Cloud['points'] | null; look: Look | null; order: string } = { points: null, look: null, order: '' };
  let count = 0;

  const upload = (cloud: Cloud, look: Look, view: View | Scene, size: Size) => {
    if (last.points !== cloud.points && stores.points.write(positions(cloud))) group = null;
    if (last.look !== look && stores.looks.write(looks(cloud, look))) group = null;
    const order = 'camera' in view ? JSON.stringify([view, size]) : '';
    if (last.look !== look || last.order !== order || (last.points !== cloud.points && order !== '')) {
      const rows = orderOf(cloud, look, view, size);
      count = rows.length;
      if (stores.order.write(rows)) group = null;
    }
    last = { points: cloud.points, look, order };
    group ??= device.createBindGroup({
      label: 'points',
      layout: pipeline.getBindGroupLayout(0),
      entries: [uniform, stores.points, stores.looks, stores.order, stores.outlines].map((b, binding) => ({
        binding,
        resource: { buffer: b.buffer! },
      })),
    });
  };

  return {
    draw(cloud, view, size, ratio, palette) {
      const [width, height] = [Math.max(1, Math.round(size.width * ratio)), Math.max(1, Math.round(size.height * ratio))];
      if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
      upload(cloud, lookOf(cloud, palette), view, size);
      uniform.write(viewOf(view, size, ratio, palette));
      const encoder = device.createCommandEncoder({ label: 'points' });
      const attachment = { view: context.getCurrentTexture().createView(), loadOp: 'clear', storeOp: 'store' } as const;
      const pass = encoder.beginRenderPass({ colorAttachments: [{ ...attachment, clearValue: [0, 0, 0, 0] }] });
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      pass.draw(6, count);
      pass.end();
      device.queue.submit([encoder.finish()]);
    },
    destroy() {
      for (const b of [uniform, ...Object.values(stores)]) b.buffer?.destroy();
      context.unconfigure();
    },
  };
}
