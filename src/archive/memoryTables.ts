import type { Series, Shelf, Tables } from './tables';

/** Rows by a text key, in memory. */
export function memoryShelf<Row>(keyOf: (row: Row) => string): Shelf<Row> {
  const rows = new Map<string, Row>();
  return {
    get: async (key) => structuredClone(rows.get(key)),
    all: async () => structuredClone([...rows.values()]),
    keys: async () => [...rows.keys()],
    put: async (given) => {
      for (const row of given) rows.set(keyOf(row), structuredClone(row));
    },
    drop: async (keys) => {
      for (const key of keys) rows.delete(key);
    },
  };
}

function memorySeries<Row extends { run: string; step: number }>(): Series<Row> {
  const runs = new Map<string, Map<number, Row>>();
  const of = (run: string) => {
    const own = runs.get(run) ?? new Map<number, Row>();
    runs.set(run, own);
    return own;
  };
  return {
    range: async (run, from, to, most) =>
      [...of(run).values()]
        .filter((r) => r.step >= from && r.step <= to)
        .sort((a, b) => a.step - b.step)
        .slice(0, most),
    put: async (given) => {
      for (const row of given) of(row.run).set(row.step, row);
    },
    drop: async (run, from) => {
      const own = of(run);
      for (const step of [...own.keys()]) if (step >= from) own.delete(step);
      if (!own.size) runs.delete(run);
    },
    dropRows: async (given) => {
      for (const row of given) of(row.run).delete(row.step);
    },
    all: async () => [...runs.values()].flatMap((own) => [...own.values()]),
  };
}

/** Tables that end with the page. Writers take turns; `work` must check before it writes, for nothing is taken back. */
export function memoryTables(): Tables {
  let turn: Promise<unknown> = Promise.resolve();
  const watchers = new Set<() => void>();
  return {
    runs: memoryShelf((r) => r.id),
    undos: memoryShelf((u) => u.token),
    files: memoryShelf((f) => f.file),
    steps: memorySeries(),
    evaluations: memorySeries(),
    checkpoints: memorySeries(),
    atomically(work) {
      const mine = turn.then(work);
      turn = mine.catch(() => undefined);
      void mine.then(
        () => {
          for (const tell of watchers) tell();
        },
        () => undefined,
      );
      return mine;
    },
    watch(read, listener) {
      const tell = () =>
        void read().then((value) => {
          if (watchers.has(tell)) listener(value);
        });
      watchers.add(tell);
      tell();
      return () => watchers.delete(tell);
    },
    close: () => watchers.clear(),
  };
}
