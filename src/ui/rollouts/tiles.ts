import type { Group } from './groups';

/** Heights in px; the style sheet has the same. */
const HEAD = 32;
const PROMPT = 52;

/** One line of the prompt list: a domain's head, or a prompt with its place among the prompts. */
export type Tile = { top: number; height: number } & (
  | { kind: 'head'; domain: number; correct: number; size: number }
  | { kind: 'prompt'; group: Group; place: number }
);

/** The list's lines from top to bottom: a head wherever the domain changes. */
export function tilesOf(groups: readonly Group[]): Tile[] {
  const tiles: Tile[] = [];
  let top = 0;
  let head: Extract<Tile, { kind: 'head' }> | undefined;
  groups.forEach((group, place) => {
    if (head?.domain !== group.domain) {
      head = { kind: 'head', domain: group.domain, correct: 0, size: 0, top, height: HEAD };
      tiles.push(head);
      top += HEAD;
    }
    head.correct += group.correct;
    head.size += group.size;
    tiles.push({ kind: 'prompt', group, place, top, height: PROMPT });
    top += PROMPT;
  });
  return tiles;
}

/** Lines drawn above and below those in sight, px. */
const MARGIN = 400;

/** Which lines to draw, and the height of those left out before and after. */
export function slice(
  tiles: readonly Tile[],
  top: number,
  height: number,
): { from: number; to: number; before: number; after: number } {
  const end = (t: Tile | undefined) => (t ? t.top + t.height : 0);
  let from = tiles.findIndex((t) => end(t) >= top - MARGIN);
  if (from < 0) from = Math.max(0, tiles.length - 1);
  const last = tiles.findLastIndex((t) => t.top <= top + height + MARGIN);
  const to = Math.max(from, last) + 1;
  return { from, to, before: tiles[from]?.top ?? 0, after: Math.max(0, end(tiles.at(-1)) - end(tiles[to - 1])) };
}
