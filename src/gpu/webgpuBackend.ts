import { type Backend, DeviceError, type Memory, type Program } from './backend';
import type { Kernel } from './kernel';
import type { Dispatch, Layout, Plan } from './plan';
import { profileByTimestamps, profileByWaiting } from './webgpuProfile';

const UNIFORM_ALIGN = 256;

/**
 * Asks `gpu` for its best adapter and a device with the adapter's own buffer limits.
 * @throws Error in plain words when there is no adapter.
 */
export async function webgpuBackend(gpu: GPU | undefined): Promise<Backend> {
  if (!gpu) throw new DeviceError('WebGPU is not available here');
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new DeviceError('WebGPU found no adapter (no GPU driver, or it is blocked)');
  const timestamps = adapter.features.has('timestamp-query');
  const device = await adapter.requestDevice({
    requiredFeatures: timestamps ? ['timestamp-query'] : [],
    requiredLimits: {
      maxStorageBufferBindingSize: adapter.limits.maxStorageBufferBindingSize,
      maxBufferSize: adapter.limits.maxBufferSize,
    },
  });
  const { vendor, architecture, device: part, description } = adapter.info;
  return backendOf(
    device,
    [description || part || vendor, architecture].filter(Boolean).join(', ') || 'unnamed adapter',
    timestamps,
  );
}

function backendOf(device: GPUDevice, adapter: string, timestamps: boolean): Backend {
  const pipelines = new Map<string, Promise<GPUComputePipeline>>();
  const pipelineOf = (d: Dispatch) => {
    const overrides = Object.fromEntries(d.kernel.overrideNames.map((o) => [o, d.shape[o]]));
    const key = `${d.kernel.name} ${JSON.stringify(overrides)}`;
    let found = pipelines.get(key);
    if (!found) {
      found = compilePipeline(device, d.kernel, overrides);
      pipelines.set(key, found);
    }
    return found;
  };
  return {
    kind: 'webgpu',
    adapter,
    lost: device.lost.then((info) => `${info.reason}: ${info.message}`),
    allocate: (layout) => allocate(device, layout, pipelineOf, timestamps),
    destroy: () => device.destroy(),
  };
}

async function compilePipeline(
  device: GPUDevice,
  kernel: Kernel,
  constants: Record<string, number>,
): Promise<GPUComputePipeline> {
  const module = device.createShaderModule({ label: kernel.name, code: kernel.code });
  const layout = device.createBindGroupLayout({
    label: kernel.name,
    entries: [
      { binding: 0, visibility: GPUShaderStage.COMPUTE, buffer: { type: 'uniform' } },
      ...kernel.bufferNames.map((b, i) => ({
        binding: i + 1,
        visibility: GPUShaderStage.COMPUTE,
        buffer: { type: kernel.access[b] === 'read' ? ('read-only-storage' as const) : ('storage' as const) },
      })),
    ],
  });
  try {
    return await device.createComputePipelineAsync({
      label: kernel.name,
      layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
      compute: { module, entryPoint: kernel.name, constants },
    });
  } catch (error) {
    const { messages } = await module.getCompilationInfo();
    const lines = kernel.code.split('\n');
    const told = messages.map((m) => `  ${m.type} at line ${m.lineNum}: ${m.message}\n    ${lines[m.lineNum - 1] ?? ''}`);
    throw new DeviceError(
      `kernel ${kernel.name} does not compile ${JSON.stringify(constants)}: ${(error as Error).message}\n${told.join('\n')}`,
    );
  }
}

async function allocate(
  device: GPUDevice,
  layout: Layout,
  pipelineOf: (d: Dispatch) => Promise<GPUComputePipeline>,
  timestamps: boolean,
): Promise<Memory> {
  const { runs } = layout;
  const limit = Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize);
  const buffers = new Map<string, GPUBuffer>();
  const uniformsOfPlans: GPUBuffer[] = [];
  const bytesOf = (length: number) => Math.ceil((length * runs * 4) / 16) * 16;
  for (const { name, length } of layout.resources.values())
    if (bytesOf(length) > limit)
      throw new DeviceError(
        `${name} needs ${bytesOf(length)} bytes for ${runs} run${runs > 1 ? 's' : ''} (at most ${limit} on this device)`,
      );
  device.pushErrorScope('out-of-memory');
  device.pushErrorScope('validation');
  for (const { name, length } of layout.resources.values())
    buffers.set(
      name,
      device.createBuffer({
        label: name,
        size: bytesOf(length),
        usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC,
      }),
    );
  const invalid = await device.popErrorScope();
  const full = await device.popErrorScope();
  if (invalid ?? full) {
    for (const b of buffers.values()) b.destroy();
    const total = [...layout.resources.values()].reduce((sum, r) => sum + bytesOf(r.length), 0);
    throw new DeviceError(`the device cannot hold ${total} bytes: ${(invalid ?? full)?.message}`);
  }
  const bufferOf = (name: string): GPUBuffer => {
    layout.get(name);
    return buffers.get(name) as GPUBuffer;
  };

  async function compile(plan: Plan, progress?: (done: number) => void): Promise<Program> {
    let ready = 0;
    const compiled = await Promise.all(
      plan.dispatches.map(async (d) => {
        const pipeline = await pipelineOf(d);
        progress?.(++ready / plan.dispatches.length);
        return pipeline;
      }),
    );
    const uniforms = device.createBuffer({
      label: `${plan.name} params`,
      size: UNIFORM_ALIGN * plan.dispatches.length,
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    });
    uniformsOfPlans.push(uniforms);
    device.queue.writeBuffer(uniforms, 0, packParams(plan));
    const entries = plan.dispatches.map((d, i) => {
      const grid = d.kernel.grid(d.shape, runs);
      const most = device.limits.maxComputeWorkgroupsPerDimension;
      if (grid.some((n) => n > most || n < 1))
        throw new DeviceError(`${plan.name}/${d.label}: grid ${grid} (1 to ${most} in each dimension)`);
      return {
        pipeline: compiled[i],
        grid,
        group: device.createBindGroup({
          label: d.label,
          layout: compiled[i].getBindGroupLayout(0),
          entries: [
            {
              binding: 0,
              resource: {
                buffer: uniforms,
                offset: i * UNIFORM_ALIGN,
                size: Math.max(16, Math.ceil(d.kernel.paramNames.length / 4) * 16),
              },
            },
            ...d.kernel.bufferNames.map((b, j) => ({ binding: j + 1, resource: { buffer: bufferOf(d.buffers[b]) } })),
          ],
        }),
      };
    });
    const record = (pass: GPUComputePassEncoder, i: number, active = runs) => {
      const { pipeline, group, grid } = entries[i];
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(grid[0], grid[1], active);
    };
    return {
      plan,
      run(times = 1, active = runs) {
        const encoder = device.createCommandEncoder({ label: plan.name });
        const pass = encoder.beginComputePass();
        for (let t = 0; t < times; t++) for (let i = 0; i < entries.length; i++) record(pass, i, active);
        pass.end();
        device.queue.submit([encoder.finish()]);
      },
      profile: (repeats) =>
        timestamps ? profileByTimestamps(device, plan, record, repeats) : profileByWaiting(device, plan, record, repeats),
    };
  }

  return {
    layout,
    compile,
    write(name, data, run, offset = 0) {
      const { type, length } = layout.get(name);
      if (offset + data.length > length)
        throw new Error(`write to ${name}: ${offset + data.length} elements (at most ${length})`);
      const source = type === 'u32' ? Uint32Array.from(data) : Float32Array.from(data);
      for (let r = run ?? 0; r < (run === undefined ? runs : run + 1); r++)
        device.queue.writeBuffer(bufferOf(name), (r * length + offset) * 4, source);
    },
    async read(name) {
      const { type, length } = layout.get(name);
      const size = length * runs * 4;
      const staging = device.createBuffer({
        label: `read ${name}`,
        size,
        usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
      });
      const encoder = device.createCommandEncoder();
      encoder.copyBufferToBuffer(bufferOf(name), 0, staging, 0, size);
      device.queue.submit([encoder.finish()]);
      try {
        await staging.mapAsync(GPUMapMode.READ);
        const copy = staging.getMappedRange().slice(0);
        return type === 'u32' ? new Uint32Array(copy) : new Float32Array(copy);
      } finally {
        staging.destroy();
      }
    },
    idle: async () => {
      await device.queue.onSubmittedWorkDone();
    },
    destroy() {
      for (const b of [...buffers.values(), ...uniformsOfPlans]) b.destroy();
    },
  };
}

function packParams(plan: Plan): ArrayBuffer {
  const bytes = new ArrayBuffer(UNIFORM_ALIGN * plan.dispatches.length);
  const view = new DataView(bytes);
  plan.dispatches.forEach((d, i) => {
    d.kernel.paramNames.forEach((p, j) => {
      const at = i * UNIFORM_ALIGN + j * 4;
      const type = d.kernel.paramTypes[j];
      if (type === 'f32') view.setFloat32(at, d.shape[p], true);
      else if (type === 'u32') view.setUint32(at, d.shape[p], true);
      else view.setInt32(at, d.shape[p], true);
    });
  });
  return bytes;
}
