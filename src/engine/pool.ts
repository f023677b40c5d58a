/** Most rollouts of one analysis. */
export const MAX_POOL = 16384;

/** Rollouts to analyse, row by row. */
export interface Pool {
  domain: string[];
  prompt: string[];
  reward: number[];
  /** Embeddings of equal width. */
  embedding: number[][];
}

type Row = Record<string, unknown>;
const brief = (value: unknown) => {
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
};

/** Reads a pool's lines one after another, so that a page can do other things in between. */
export interface PoolReader {
  /** @throws Error naming file, line, value and bound */
  take(raw: string, line: number): void;
  /** @throws Error when there was no rollout */
  end(): Pool;
}

/**
 * Reads JSON Lines, one rollout a line: `{"domain": "math", "prompt": "p1", "reward": 1, "embedding": [0.1, …]}`. Empty lines are
 * skipped.
 * @throws Error of one sentence that names file, line, value and bound.
 */
export function parsePool(text: string, fileName: string): Pool {
  const reader = poolReader(fileName);
  text.split('\n').forEach((raw, at) => {
    reader.take(raw, at + 1);
  });
  return reader.end();
}

/** What `parsePool` does, line by line. */
export function poolReader(fileName: string): PoolReader {
  const pool: Pool = { domain: [], prompt: [], reward: [], embedding: [] };
  const home = new Map<string, { domain: string; line: number }>();
  let firstLine = 0;
  const take = (raw: string, line: number) => {
    if (!raw.trim()) return;
    const bad = (what: string): never => {
      throw new Error(`${fileName}, line ${line}: ${what}`);
    };
    if (pool.reward.length === MAX_POOL) bad(`more than ${MAX_POOL} rollouts`);
    const row = parseRow(raw, bad);
    const domain = label(row, 'domain', bad);
    const prompt = label(row, 'prompt', bad);
    const reward = row.reward;
    if (typeof reward !== 'number' || !Number.isFinite(reward)) return bad(`invalid reward: ${brief(reward)} (a finite number)`);
    const embedding = vector(row, bad);
    firstLine ||= line;
    const width = pool.embedding[0]?.length ?? embedding.length;
    if (embedding.length !== width) bad(`embedding of ${embedding.length} numbers (${width}, as in line ${firstLine})`);
    const known = home.get(prompt);
    if (known && known.domain !== domain)
      bad(
        `prompt ${brief(prompt)} of domain ${brief(domain)} has domain ${brief(known.domain)} in line ${known.line} (a prompt belongs to one domain)`,
      );
    if (!known) home.set(prompt, { domain, line });
    pool.domain.push(domain);
    pool.prompt.push(prompt);
    pool.reward.push(reward);
    pool.embedding.push(embedding);
  };
  const end = () => {
    if (!pool.reward.length) throw new Error(`${fileName}: no rollouts (at least 1 line)`);
    return pool;
  };
  return { take, end };
}

type Bad = (what: string) => never;

function parseRow(raw: string, bad: Bad): Row {
  let row: unknown;
  try {
    row = JSON.parse(raw);
  } catch {
    const text = raw.trim();
    return bad(`not complete JSON: ${text.length > 60 ? `${text.slice(0, 40)} … ${text.slice(-12)}` : text}`);
  }
  if (typeof row !== 'object' || row === null || Array.isArray(row)) return bad(`${brief(row)} is not an object`);
  for (const key of ['domain', 'prompt', 'reward', 'embedding']) if (!(key in row)) bad(`missing key: ${key}`);
  return row as Row;
}

/** A name: text, or a number taken as text. */
function label(row: Row, key: 'domain' | 'prompt', bad: Bad): string {
  const value = row[key];
  if (typeof value === 'string' && value !== '') return value;
  if (typeof value === 'number') return String(value);
  return bad(`invalid ${key}: ${brief(value)} (a non-empty text or a number)`);
}

function vector(row: Row, bad: Bad): number[] {
  const value = row.embedding;
  if (!Array.isArray(value) || value.length === 0)
    return bad(`invalid embedding: ${brief(value)} (an array of at least 1 number)`);
  value.forEach((x, k) => {
    if (typeof x !== 'number' || !Number.isFinite(x)) bad(`invalid embedding[${k}]: ${brief(x)} (a finite number)`);
  });
  return value as number[];
}
