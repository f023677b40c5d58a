import { DOMAINS } from '../../tasks/registry';
import type { Figures } from './types';

/** The paper's tables as printed, in per cent. "Harmony in Diversity", Tables 1 and 2; text of Section 5.3 for Figure 3. */

/** Order of Table 1's columns. */
const TABLE_1_COLUMNS = ['AMC23', 'AIME24', 'AIME25', 'LCBv5', 'LCBv6', 'GPQA', 'SciBench', 'Toolpaca', 'Beaver', 'average'];
/** Order of the columns of Table 2 (a) and (b). */
const TABLE_2_COLUMNS = ['math', 'code', 'science', 'toolUse', 'safety', 'average'];

const named = (columns: readonly string[], values: readonly number[]): Figures =>
  Object.fromEntries(columns.map((column, i) => [column, values[i]]));

/** Table 1's row with the domain scores, "the average of their benchmark-level scores", added. */
function tableRow(values: readonly number[]): Figures {
  const row = named(TABLE_1_COLUMNS, values);
  const domains = DOMAINS.map(({ id, columns }) => {
    const scores = columns.map((c) => row[c.id]);
    return [id, scores.reduce((a, b) => a + b, 0) / scores.length] as const;
  });
  return { ...row, ...Object.fromEntries(domains) };
}

/** Table 1, Qwen3-4B backbone. */
export const TABLE_1_4B: Readonly<Record<string, Figures>> = {
  base: tableRow([71.17, 36.04, 33.75, 14.43, 19.54, 35.45, 27.01, 45.83, 58.4, 37.96]),
  grpo: tableRow([78.81, 48.02, 39.1, 25.79, 27.91, 43.95, 33.04, 56.73, 78.19, 47.95]),
  dapo: tableRow([80.83, 53.56, 40.34, 25.88, 27.93, 46.37, 34.86, 55.29, 78.08, 49.24]),
  clipo: tableRow([78.08, 48.33, 38.92, 24.03, 27.25, 42.68, 33.2, 55.56, 76.94, 47.22]),
  mgs: tableRow([78.1, 51.25, 39.38, 27.04, 28.53, 45.4, 34.18, 58.35, 80.4, 49.18]),
  'mt-grpo': tableRow([78.53, 52.7, 40.16, 27.41, 28.34, 44.06, 34.52, 58.67, 79.93, 49.37]),
  'mcpo-grpo': tableRow([81.25, 54.15, 43.23, 28.46, 30.77, 48.81, 34.92, 60.29, 83.32, 51.69]),
  'mcpo-dapo': tableRow([83.44, 56.35, 44.58, 28.93, 32.71, 49.13, 35.81, 59.87, 82.61, 52.6]),
};

/** Table 1, Qwen3-8B backbone. */
export const TABLE_1_8B: Readonly<Record<string, Figures>> = {
  base: tableRow([76.25, 39.89, 34.83, 17.29, 21.68, 42.07, 28.46, 47.35, 64.27, 41.34]),
  grpo: tableRow([80.13, 51.88, 43.67, 27.73, 30.41, 48.44, 34.91, 57.32, 80.12, 50.51]),
  dapo: tableRow([82.97, 53.46, 45.2, 28.04, 31.73, 50.11, 36.05, 56.42, 81.15, 51.68]),
  clipo: tableRow([79.38, 51.56, 43.44, 28.46, 30.64, 49.83, 34.32, 57.69, 78.86, 50.46]),
  mgs: tableRow([80.22, 54.17, 45.32, 29.08, 32.63, 50.25, 35.24, 58.82, 80.23, 51.77]),
  'mt-grpo': tableRow([80.94, 54.05, 44.67, 30.33, 32.18, 49.89, 35.71, 59.4, 81.63, 52.09]),
  'mcpo-grpo': tableRow([82.89, 57.71, 47.4, 32.54, 34.29, 50.57, 36.83, 61.45, 84.26, 54.22]),
  'mcpo-dapo': tableRow([84.13, 59.86, 51.44, 33.72, 37.53, 52.44, 37.92, 61.14, 84.65, 55.87]),
};

/** Table 2 (a) and (b), Qwen3-8B. */
export const TABLE_2: Readonly<Record<string, Figures>> = {
  dapo: named(TABLE_2_COLUMNS, [60.54, 29.89, 43.08, 56.42, 81.15, 51.68]),
  'dapo-single': named(TABLE_2_COLUMNS, [65.29, 34.96, 43.85, 62.0, 85.28, 55.64]),
  'in-domain': named(TABLE_2_COLUMNS, [63.81, 32.15, 43.74, 58.74, 81.87, 53.76]),
  'cross-domain': named(TABLE_2_COLUMNS, [63.88, 32.54, 44.45, 57.18, 82.5, 53.92]),
  'mcpo-dapo': named(TABLE_2_COLUMNS, [65.14, 35.63, 45.18, 61.14, 84.65, 55.87]),
  'no-warmup': named(TABLE_2_COLUMNS, [64.42, 35.23, 44.34, 60.27, 82.57, 55.03]),
  'frozen-head': named(TABLE_2_COLUMNS, [64.16, 35.0, 44.09, 59.98, 81.85, 54.72]),
};

/** Table 2 (c): prompts of a mini-batch, rollouts of a prompt, figures. */
export const TABLE_2C: readonly { prompts: number; group: number; figures: Figures }[] = [
  { prompts: 32, group: 8, figures: { math: 64.6, code: 34.77, average: 55.5 } },
  { prompts: 32, group: 16, figures: { math: 64.96, code: 35.28, average: 55.73 } },
  { prompts: 64, group: 8, figures: { math: 65.14, code: 35.63, average: 55.87 } },
  { prompts: 64, group: 16, figures: { math: 65.21, code: 35.46, average: 55.86 } },
  { prompts: 128, group: 8, figures: { math: 65.3, code: 35.65, average: 55.93 } },
  { prompts: 128, group: 16, figures: { math: 65.32, code: 35.74, average: 55.95 } },
];

/** Table 2 (d): overall averages. */
export const TABLE_2D = {
  'DS-7B': { base: 33.0, grpo: 40.18, mgs: 42.75, 'mcpo-grpo': 44.32 },
  'Llama-8B': { base: 22.41, grpo: 31.93, mgs: 31.68, 'mcpo-grpo': 34.85 },
} as const;
