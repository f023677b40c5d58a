import type { FilmMap, Summary } from '../../store/analysis';
import { fixed, whole } from '../format';
import type { Picture } from './filmMaps';

/** A figure beside a picture. */
export interface Measure {
  name: string;
  hint: string;
  value: string;
  /** In small letters beside the value. */
  note?: string;
}

/** Below this a picture is not to be trusted. */
export const TRUST = 0.8;

const orDash = (value: number | null | undefined, digits = 2) =>
  value === null || value === undefined ? '–' : fixed(value, digits);

const round = (share: number) => `${Math.round(100 * share)} %`;

/** What may be believed of a picture, in plain sentences. */
export function verdictOn({ method, trustworthiness: trust, explained, note }: FilmMap): { text: string; bad: boolean } {
  if (note) return { text: note, bad: true };
  if (trust === null) return { text: 'Too few rollouts to judge the picture.', bad: true };
  const words: string[] = [];
  const bad = trust < TRUST;
  if (bad)
    words.push(
      `Do not trust this picture: many neighbours in it are none in the embedding (trustworthiness ${fixed(trust, 2)}). Read the tables instead.`,
    );
  else if (trust < 0.9) words.push('Most neighbours in this picture are near in the embedding too; look twice at single points.');
  else words.push('Neighbours in this picture are near in the embedding too.');
  const held = explained?.reduce((sum, x) => sum + x, 0);
  if (held !== undefined && held < 0.5)
    words.push(`Its axes hold only ${round(held)} of the variance: what looks close may be far apart.`);
  if (method !== 'pca') words.push('Distances between groups, and their sizes, mean nothing.');
  return { text: words.join(' '), bad };
}

/** Figures beside a picture; `summary` comes a little later. */
export function measuresOf({ frame, map, on }: Picture, summary: Summary | null): Measure[] {
  const { trustworthiness, purity, effectiveRank, neighbours, explained, divergence, perplexity, driftShare } = map;
  const out: Measure[] = [
    {
      name: 'Trustworthiness',
      hint: `How far the ${neighbours} nearest points of each rollout in the picture are near in the embedding too: 1 if all are, about 0.5 by chance (Venna and Kaski 2001). Below ${TRUST} the picture misleads.`,
      value: orDash(trustworthiness),
    },
    {
      name: 'Domain purity',
      hint: `Share of a rollout’s ${neighbours} nearest that are of its own domain, in the picture and in the embedding. If the picture’s is larger, it parts domains more than the embedding does.`,
      value: purity ? round(purity.map) : '–',
      ...(purity ? { note: `embedding ${round(purity.original)}` } : {}),
    },
    {
      name: 'Effective rank',
      hint: 'How many directions the embeddings really use (Roy and Vetterli 2007). Near 1, all lie on a line: the representation has collapsed.',
      value: orDash(effectiveRank, 1),
      note: `of ${whole(frame.width)} directions`,
    },
  ];
  if (explained)
    out.push({
      name: 'Variance shown',
      hint: 'Share of the spread of the embeddings that lies along the axes of the picture.',
      value: round(explained.reduce((sum, x) => sum + x, 0)),
      note: explained.map(round).join(' + '),
    });
  if (divergence !== null)
    out.push({
      name: 'Divergence',
      hint: 'What t-SNE minimises: how much its neighbourhoods differ from those in the embedding (Kullback and Leibler), in nats. Compare pictures of equal perplexity only.',
      value: fixed(divergence, 2),
      note: perplexity === null ? 'nats' : `nats at perplexity ${perplexity}`,
    });
  out.push(
    {
      name: 'Alignment',
      hint: 'Mean squared distance of two correct rollouts of one domain, 0 to 4: smaller is tighter (Wang and Isola 2020).',
      value: orDash(summary?.alignment),
    },
    {
      name: 'Uniformity',
      hint: 'How evenly the embeddings cover their sphere, −4 to 0: lower is more even, 0 is all in one place (Wang and Isola 2020).',
      value: orDash(summary?.uniformity),
    },
  );
  if (driftShare !== null && on !== null)
    out.push({
      name: 'Drift',
      hint: 'How far the rollouts, or the means of each domain’s correct and wrong ones, lie from where they were in the neighbouring picture, as a share of its radius.',
      value: round(driftShare),
      note: `against step ${whole(on)}`,
    });
  return out;
}
