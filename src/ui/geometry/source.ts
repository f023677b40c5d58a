import type { Config, DomainInfo, Frame, LabState } from '../../store/state';
import type { OptionValue } from '../../store/view';

/** Where rollouts come from. */
export type Source = OptionValue<'geometry.source'>;

/** Whether a method trains an embedding: without one, training's rollouts have no place in a map. */
export const trainsEmbedding = ({ contrast }: Config): boolean => contrast.lambda > 0;

/** The run whose pool has a place in a map: the focused one, else that of its seed in the first lane that trains an embedding; null without. */
export function mappedRun({ lanes, runs, focus }: Pick<LabState, 'lanes' | 'runs' | 'focus'>): number | null {
  const own = runs[focus] ?? runs[0];
  if (trainsEmbedding(lanes[own.lane].config)) return runs.indexOf(own);
  const lane = lanes.findIndex((l) => trainsEmbedding(l.config));
  const seed = runs.filter((r, i) => i < focus && r.lane === own.lane).length;
  const first = runs.findIndex((r) => r.lane === lane);
  return first < 0 ? null : first + seed;
}

/** The source that can be shown: held-out rollouts where training gives no embedding. */
export const sourceOf = (wanted: Source, config: Config): Source =>
  wanted === 'pool' && !trainsEmbedding(config) ? 'heldOut' : wanted;

/** Names of a frame's domains and benchmarks as the page calls them; `marks`: the number that stands for each domain's colour and shape. */
export interface FrameNames {
  domains: string[];
  columns: string[];
  marks: number[];
}

/** @param known the registry's domains; a file with others has its own colours */
export function frameNames(frame: Frame, known: readonly DomainInfo[]): FrameNames {
  const columns = known.flatMap((d) => d.columns);
  const places = frame.domains.map((id) => known.findIndex((d) => d.id === id));
  const foreign = places.some((p) => p < 0);
  return {
    domains: frame.domains.map((id, i) => known[places[i]]?.label ?? id),
    columns: frame.columns.map((id) => columns.find((c) => c.id === id)?.label ?? id),
    marks: places.map((place, i) => (foreign ? i : place)),
  };
}

/** A response as text; what stands for it where the frame has none. */
export function responseText(frame: Frame, row: number, vocabulary: readonly string[]): string {
  if (!frame.response || !frame.length) return `rollout ${row + 1}`;
  const from = row * frame.responseLength;
  return Array.from(frame.response.subarray(from, from + frame.length[row]), (t) => vocabulary[t]).join(' ') || '(empty)';
}
