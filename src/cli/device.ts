import { existsSync, readdirSync } from 'node:fs';
import type { Backend } from '../gpu/backend';
import { cpuBackend } from '../gpu/cpuBackend';
import { webgpuBackend } from '../gpu/webgpuBackend';

/** Software Vulkan drivers, fastest first: used only when the system's own driver gives no adapter. */
const SOFTWARE_DRIVERS = [
  '/usr/share/vulkan/icd.d/lvp_icd.x86_64.json',
  '/usr/share/vulkan/icd.d/lvp_icd.aarch64.json',
  '/usr/share/vulkan/icd.d/lvp_icd.json',
  '/usr/lib/chromium/vk_swiftshader_icd.json',
  '/usr/lib/chromium-browser/vk_swiftshader_icd.json',
  '/opt/google/chrome/vk_swiftshader_icd.json',
];

declare global {
  /** Dawn's instance: it must outlive its devices, or the process dies silently. */
  var dawnInstance: GPU | undefined;
}

/** WebGPU of this Node process through Dawn. Falls back to a software Vulkan driver where there is no other. */
export async function nodeGpu(): Promise<GPU> {
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  if (process.platform === 'linux' && !process.env.VK_DRIVER_FILES && !process.env.VK_ICD_FILENAMES && !hasHardwareDriver()) {
    for (const driver of SOFTWARE_DRIVERS.filter(existsSync)) {
      process.env.VK_DRIVER_FILES = driver;
      globalThis.dawnInstance = create([]) as GPU;
      if (await globalThis.dawnInstance.requestAdapter()) return globalThis.dawnInstance;
    }
    delete process.env.VK_DRIVER_FILES;
  }
  globalThis.dawnInstance = create([]) as GPU;
  return globalThis.dawnInstance;
}

/** True when the kernel shows a GPU device node; a software driver is then never forced. */
function hasHardwareDriver(): boolean {
  const nodes = ['/dev/dri', '/dev'].flatMap((dir) => (existsSync(dir) ? readdirSync(dir) : []));
  return nodes.some((n) => /^(renderD\d+|nvidia\d+|dxg)$/.test(n));
}

/**
 * The backend that `choice` names; `auto` takes WebGPU and announces it through `say` when it must fall back to the CPU.
 * @throws Error when WebGPU was asked for by name and is not to be had.
 */
export async function nodeBackend(choice: 'auto' | 'webgpu' | 'cpu', say: (line: string) => void): Promise<Backend> {
  if (choice === 'cpu') return cpuBackend();
  try {
    return await webgpuBackend(await nodeGpu());
  } catch (error) {
    if (choice === 'webgpu') throw error;
    say(`WebGPU: ${(error as Error).message}; going on with the CPU backend`);
    return cpuBackend();
  }
}
