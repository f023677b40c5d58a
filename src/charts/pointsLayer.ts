import type { Scene } from './camera';
import type { Cloud } from './cloud';
import type { Size } from './drawContext';
import type { Palette } from './palette';
import { GPU_FROM, type PointsRenderer, pointsRenderer } from './pointsRenderer';
import type { View } from './view';

/** Who draws the points of large clouds: nobody asked yet, a device is being made ready, WebGPU, or Canvas 2D for good. */
export type LayerState = 'idle' | 'starting' | 'gpu' | 'canvas';

const told = (error: unknown) => (error instanceof Error ? error.message : String(error));

/**
 * The WebGPU layer under a 2D canvas. It asks for a device when the first large cloud comes, and gives up for good, with a reason,
 * when there is none or when it is lost.
 */
export class PointsLayer {
  state: LayerState = 'idle';
  /** Why Canvas 2D draws, as a sentence for the page; null otherwise. */
  reason: string | null = null;
  private device: GPUDevice | null = null;
  private renderer: PointsRenderer | null = null;
  private closed = false;

  /**
   * `changed` is called when the state has changed, so that the page draws again. An adapter made of software is refused unless
   * `software` allows it: Canvas 2D is faster there.
   */
  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly changed: () => void,
    private readonly gpu: GPU | null = navigator.gpu ?? null,
    private readonly options: { software?: boolean } = {},
  ) {}

  /**
   * Draws the cloud's points, if it is large and WebGPU can; whether it did. Where not, the canvas is left empty and the caller
   * draws the points itself (`parts` of `drawScatter`).
   */
  draw(cloud: Cloud, view: View | Scene, size: Size, ratio: number, palette: Palette): boolean {
    const large = cloud.domain.length > GPU_FROM;
    if (large && this.state === 'idle') void this.start();
    if (!this.renderer || size.width <= 0 || size.height <= 0) return false;
    try {
      this.renderer.draw(large ? cloud : NOTHING[cloud.dims], view, size, ratio, palette);
      return large;
    } catch (error) {
      this.fail(told(error));
      return false;
    }
  }

  /** Frees the device. */
  close(): void {
    this.closed = true;
    this.renderer?.destroy();
    this.device?.destroy();
    this.renderer = null;
    this.device = null;
  }

  private async start(): Promise<void> {
    this.state = 'starting';
    try {
      if (!this.gpu) throw new Error('WebGPU is not available here');
      const adapter = await this.gpu.requestAdapter();
      if (!adapter) throw new Error('WebGPU found no adapter');
      if (adapter.info.isFallbackAdapter && !this.options.software)
        throw new Error('its adapter is made of software, which draws slower than the page itself');
      const device = await adapter.requestDevice({ label: 'points' });
      this.device = device;
      void device.lost.then((info) => this.fail(info.message || 'the device was lost'));
      device.addEventListener('uncapturederror', (event) => this.fail((event as GPUUncapturedErrorEvent).error.message));
      const renderer = await pointsRenderer(device, this.canvas, this.gpu.getPreferredCanvasFormat());
      if (this.closed || this.reason !== null) {
        this.close();
        return;
      }
      this.renderer = renderer;
      this.state = 'gpu';
      this.changed();
    } catch (error) {
      this.fail(told(error));
    }
  }

  private fail(why: string): void {
    if (this.closed || this.reason !== null) return;
    this.reason = `Points are drawn without WebGPU: ${why}`;
    this.state = 'canvas';
    const [renderer, device] = [this.renderer, this.device];
    this.renderer = null;
    this.device = null;
    renderer?.destroy();
    device?.destroy();
    this.changed();
  }
}

const nothing = (dims: 2 | 3): Cloud => ({ points: [], dims, domain: [], correct: [], color: 'domain' });
const NOTHING = { 2: nothing(2), 3: nothing(3) };
