import { type DependencyList, useMemo } from 'react';

/** `useMemo` for what is read from objects that grow in place, such as traces: made again with another `version`, too. */
export const useTraced = <T>(version: number, compute: () => T, inputs: DependencyList): T =>
  // biome-ignore lint/correctness/useExhaustiveDependencies: `version` says when what they hold has grown; callers' inputs are checked
  useMemo(compute, [version, ...inputs]);
