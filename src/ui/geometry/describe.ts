import type { Frame } from '../../store/state';
import { percent, signed, whole } from '../format';
import type { Picture } from './filmMaps';
import { type FrameNames, responseText } from './source';

/** Names of the maps. */
export const METHOD_NAMES = { pca: 'PCA', tsne: 't-SNE', umap: 'UMAP' } as const;

/** Whose rollouts a frame holds. */
export const SOURCE_NAMES = { pool: 'training', heldOut: 'held-out', file: 'the file’s' } as const;

/** One rollout in short, as texts: its domain and benchmark, its verdict, prompt and response, advantage. */
export interface RolloutWords {
  domain: string;
  column: string;
  verdict: 'correct' | 'wrong';
  prompt: string;
  response: string;
  advantage: string | null;
}

/** A rollout in words. */
export function rolloutWords(frame: Frame, row: number, names: FrameNames, vocabulary: readonly string[]): RolloutWords {
  return {
    domain: names.domains[frame.domain[row]],
    column: names.columns[frame.column[row]],
    verdict: frame.reward[row] > 0.5 ? 'correct' : 'wrong',
    prompt: frame.promptText[frame.prompt[row]] ?? '',
    response: responseText(frame, row, vocabulary),
    advantage: frame.advantage && signed(frame.advantage[row], 2),
  };
}

/** The same as one sentence, for screen readers. */
export const spoken = ({ domain, column, verdict, prompt, response, advantage }: RolloutWords): string =>
  `${domain}, ${column}, ${verdict}: ${prompt} answered ${response}${advantage ? `, advantage ${advantage}` : ''}`;

const KEYS =
  ' Arrow keys move or turn it, plus and minus zoom, 0 shows all, N and P walk through the rollouts, Enter selects one.';

/** What a picture shows, in words; `keys`: and what can be done with it. */
export function pictureWords({ frame, map }: Picture, { domains }: FrameNames, keys = true): string {
  const counts = domains.flatMap((label, d) => {
    const rows = Array.from({ length: frame.n }, (_, i) => i).filter((i) => frame.domain[i] === d);
    if (!rows.length) return [];
    return [`${label} ${rows.length}, ${rows.filter((i) => frame.reward[i] > 0.5).length} of them correct`];
  });
  const trust = map.trustworthiness === null ? '' : ` Trustworthiness ${map.trustworthiness.toFixed(2)}.`;
  const purity = map.purity ? ` Of ten neighbours in the map, ${percent(map.purity.map)} are of the same domain.` : '';
  const of = map.rows ? `${whole(map.rows.length)} of ${whole(frame.n)}` : whole(frame.n);
  const step = frame.source === 'file' ? '' : ` at step ${frame.step}`;
  return `${METHOD_NAMES[map.method]} map in ${map.dimensions} dimensions of ${of} ${SOURCE_NAMES[frame.source]} rollouts${step}: ${counts.join('; ')}.${trust}${purity}${keys ? KEYS : ''}`;
}
