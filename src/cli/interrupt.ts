import type { Io } from './io';

/** A stop that was asked for with Ctrl-C or by the system: the first time it waits for the submission under way, the second it does not. */
export interface Interrupt {
  /** Whether a stop was asked for. */
  readonly asked: boolean;
  /** Gives the signals back. */
  release(): void;
}

/** Listens for SIGINT and SIGTERM until `release`. */
export function onInterrupt(io: Io): Interrupt {
  let asked = false;
  const interrupt = () => {
    if (asked) process.exit(130);
    asked = true;
    io.err('stopping after this submission; once more to stop at once');
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  return {
    get asked() {
      return asked;
    },
    release() {
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', interrupt);
    },
  };
}
