/** Parts that rollouts play in the contrastive objective. */

/** A rollout's part in the objective. Excluded: an empty response, or a vector of zeros or of numbers that are not finite. */
export const KIND = { wrong: 0, correct: 1, excluded: 2 } as const;

/** What row j is to anchor i. */
export const ROLE = { none: 0, self: 1, cross: 2, inDomain: 3, negative: 4 } as const;
export type Role = (typeof ROLE)[keyof typeof ROLE];
