import type { Config } from '../config/schema';
import { type Start, Trainer } from '../engine/trainer';
import { type Backend, DeviceError } from '../gpu/backend';
import { cpuBackend } from '../gpu/cpuBackend';

/** What may happen, and who is told, when a device is too small. */
export interface OpenOptions {
  /** Whether the CPU may take over what `backend` cannot do. */
  fallBack: boolean;
  /** One line for the user. */
  say: (line: string) => void;
  /** Told the share of kernels compiled. */
  compiling?: (done: number) => void;
}

/**
 * A trainer on `backend`, or, where its shapes are beyond that device and `fallBack` allows it, on the CPU, announced.
 * @throws ConfigError or Error as `Trainer.create`; DeviceError without a fall-back
 */
export async function openTrainer(
  backend: Backend,
  configs: readonly Config[],
  starts: readonly Start[],
  { fallBack, say, compiling }: OpenOptions,
): Promise<Trainer> {
  try {
    return await Trainer.create(backend, configs, starts, compiling);
  } catch (error) {
    if (!(error instanceof DeviceError) || backend.kind === 'cpu' || !fallBack) throw error;
    say(`${backend.adapter}: ${error.message}. Going on with the CPU.`);
    return Trainer.create(cpuBackend(), configs, starts, compiling);
  }
}
