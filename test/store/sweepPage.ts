import { vi } from 'vitest';
import type { SweepArchive } from '../../src/archive/sweeps/types';
import type { SweepClient } from '../../src/host/sweep/client';
import type { SweepEvent } from '../../src/host/sweep/protocol';
import { sweeps } from '../../src/store/sweep';
import { bindSweeps } from '../../src/store/sweepPage';

/** A page with a tab's memory and an archive that outlive it. */
export class SweepPage {
  memory = '';

  constructor(private readonly startClient: (onEvent: (event: SweepEvent) => void) => SweepClient) {}

  async load(): Promise<void> {
    const memory = { read: () => this.memory, write: (text: string) => void (this.memory = text) };
    bindSweeps({ baseUrl: '', memory, startClient: this.startClient });
    await vi.waitFor(() => {
      if (!sweeps.getState().list) throw new Error('the sweeps are not read');
    });
  }
  /** The tab is gone; what it remembers is what it last wrote. */
  async leave(): Promise<void> {
    const before = this.memory;
    bindSweeps(null);
    this.memory = before;
    await vi.waitFor(() => {
      if (sweeps.getState().list) throw new Error('the page is not gone');
    });
  }
  async reload(): Promise<void> {
    await this.leave();
    await this.load();
  }
}

/** What the page opens in the place of the browser's archive; it stays as it is when the page goes. */
export const kept: { archive: SweepArchive | null } = { archive: null };
