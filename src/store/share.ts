import { writeLink } from './link';
import type { LabState } from './state';
import { viewOf } from './state';
import type { Part } from './view';

/** Size of an embedded page, CSS pixels. */
export const EMBED_SIZE = { width: 800, height: 450 } as const;

/** What a shared page shows differently from this one. */
export interface Sharing {
  /** Parts that it leaves out. */
  hidden: readonly Part[];
  embed: boolean;
}

/** Address of the page as it is, under `base` (without fragment), with other parts left out. */
export const sharedLink = (state: LabState, base: string, { hidden, embed }: Sharing): string =>
  `${base}#${writeLink(state, { ...viewOf(state), hidden, embed })}`;

/** HTML that puts an address into another page. */
export const embedCode = (address: string): string =>
  `<iframe src="${address.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}" title="MCPO Lab" width="${EMBED_SIZE.width}" height="${EMBED_SIZE.height}" style="border: 0" loading="lazy"></iframe>`;
