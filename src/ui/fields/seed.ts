/** Another seed of four digits; passes through all 10 000 before one comes again. */
export const otherSeed = (seed: number): number => ((seed % 10_000) * 4821 + 3567) % 10_000;
