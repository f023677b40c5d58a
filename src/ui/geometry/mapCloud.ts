import type { Anchor, Arrow, Cloud, ColorMode, Link } from '../../charts/cloud';
import type { Summary } from '../../store/analysis';
import type { Frame, Highlight } from '../../store/state';
import type { OptionValue } from '../../store/view';
import type { Picture } from './filmMaps';
import type { FrameNames } from './source';

/** What is drawn of a picture. */
export interface CloudChoices {
  color: ColorMode;
  show: OptionValue<'geometry.show'>;
  /** Ids of domains that are left out. */
  muted: readonly string[];
  /** Means of the domains' correct rollouts. */
  means: boolean;
  /** Prototypes of the prompts, with their compatibilities as soon as these are known. */
  links: boolean;
  /** Earlier pictures of the same rollouts, oldest first. */
  trails: readonly Picture[];
}

/** Frame row of each point of a picture. */
export const rowAt = ({ map }: Picture, point: number): number => map.rows?.[point] ?? point;

/** Point of a frame's row; null where the picture is of a sample without it. */
export function pointOf({ frame, map: { rows } }: Picture, row: number | null): number | null {
  if (row === null || row < 0 || row >= frame.n) return null;
  if (!rows) return row;
  const at = rows.indexOf(row);
  return at < 0 ? null : at;
}

/** Means of the points of each domain's correct rollouts: in principal components these are the centroids themselves. */
function meansOf({ frame, map }: Picture, { domains, marks }: FrameNames): Anchor[] {
  const { points, dimensions: dims } = map;
  const sums = domains.map(() => ({ count: 0, at: new Float64Array(dims) }));
  for (let i = 0; i * dims < points.length; i++) {
    const row = map.rows?.[i] ?? i;
    const sum = sums[frame.domain[row]];
    if (frame.reward[row] < 0.5) continue;
    sum.count++;
    for (let k = 0; k < dims; k++) sum.at[k] += points[i * dims + k];
  }
  return sums.flatMap(({ count, at }, d) =>
    count ? [{ at: at.map((x) => x / count), domain: marks[d], label: domains[d] }] : [],
  );
}

/** Prototypes with their links. */
function prototypesOf(
  { map: { prototypes, dimensions: dims } }: Picture,
  { marks }: FrameNames,
  summary: Summary | null,
): { prototypes: Anchor[]; links: Link[] } {
  if (!prototypes) return { prototypes: [], links: [] };
  const { points, prompt, domain } = prototypes;
  const place = new Map(Array.from(prompt, (p, i) => [p, i]));
  const prompts = summary?.prototypes.prompt ?? prompt;
  const links = summary?.links ?? { from: [], to: [], weight: new Float64Array() };
  return {
    prototypes: Array.from(prompt, (p, i) => ({
      at: points.subarray(i * dims, (i + 1) * dims),
      domain: marks[domain[i]],
      prompt: p,
    })),
    links: Array.from(links.weight, (weight, k) => ({
      from: place.get(prompts[links.from[k]]) ?? -1,
      to: place.get(prompts[links.to[k]]) ?? -1,
      weight,
    })),
  };
}

const halves = new WeakMap<Picture, { correct?: Float32Array; wrong?: Float32Array }>();

/** Points of the rollouts that are shown, NaN for the others; the same array every time. */
function shownPoints(picture: Picture, show: CloudChoices['show']): Float32Array {
  const { frame, map } = picture;
  if (show === 'all') return map.points;
  const own = halves.get(picture) ?? {};
  halves.set(picture, own);
  own[show] ??= map.points.map((x, at) => {
    const correct = frame.reward[rowAt(picture, Math.floor(at / map.dimensions))] > 0.5;
    return correct === (show === 'correct') ? x : Number.NaN;
  });
  return own[show];
}

/** Earlier places of the same points. */
function trailsOf({ frame, map }: Picture, trails: readonly Picture[]): Float32Array[] {
  if (frame.source !== 'heldOut') return [];
  return trails
    .filter(
      (t) => t.frame.source === 'heldOut' && t.map.dimensions === map.dimensions && t.map.points.length === map.points.length,
    )
    .map((t) => t.map.points);
}

/** Labels of the points. */
function labels({ domain, reward, advantage, prompt, column, n }: Frame, rows: Uint32Array | null) {
  if (!rows || rows.length === n) return { domain, reward, advantage, prompt, column };
  const of = (from: Uint32Array) => rows.map((row) => from[row]);
  const floats = (from: Float32Array) => Float32Array.from(rows, (row) => from[row]);
  return {
    domain: of(domain),
    reward: floats(reward),
    advantage: advantage && floats(advantage),
    prompt: of(prompt),
    column: of(column),
  };
}

/** A picture as it is drawn, without what the pointer and the selection add. */
export function cloudOf(picture: Picture, names: FrameNames, choices: CloudChoices, summary: Summary | null): Cloud {
  const { frame, map } = picture;
  const { domain, reward, advantage, prompt, column } = labels(frame, map.rows);
  return {
    points: shownPoints(picture, choices.show),
    dims: map.dimensions,
    domain: domain.map((d) => names.marks[d]),
    correct: reward,
    ...(advantage ? { advantage } : {}),
    prompt,
    column,
    color: choices.color,
    hidden: frame.domains.flatMap((id, d) => (choices.muted.includes(id) ? [names.marks[d]] : [])),
    ...(choices.means ? { centroids: meansOf(picture, names) } : {}),
    ...(choices.links ? prototypesOf(picture, names, summary) : {}),
    trails: trailsOf(picture, choices.trails),
  };
}

/** What the pointer and the selection add to a cloud. */
export interface Dress {
  /** Row of the frame. */
  selected: number | null;
  highlight: Highlight;
  arrows: readonly Arrow[];
}

/** A cloud with what is pointed at, selected and acting: a domain or a prompt is brought forward, a rollout gets a ring. */
export function dressed(cloud: Cloud, picture: Picture, { selected, highlight, arrows }: Dress): Cloud {
  const { rollout, prompt, domain } = highlight;
  const emphasis =
    rollout === undefined && (prompt !== undefined || domain !== undefined)
      ? { prompt: prompt ?? null, domain: domain ?? null }
      : null;
  return {
    ...cloud,
    emphasis,
    selected: pointOf(picture, selected),
    hovered: rollout === undefined ? null : pointOf(picture, rollout),
    arrows,
  };
}
