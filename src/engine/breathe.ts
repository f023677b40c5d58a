/** Lets messages, signals and timers in: the CPU backend never waits by itself. */
export const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
