import { count, NO_DATA, printed, printedChange, probability, shown, signed, withInterval } from './format';
import { markdownTable } from './markdownTable';
import { type ByColumn, type Measure, type Result, VERDICTS } from './result';
import type { Column, Figures, Provenance } from './types';
import { LEAST_PAIRS, LEVEL } from './verdict';

const MEASURE_NAME: Readonly<Record<Measure, string>> = { sampled: 'sampled responses', greedy: 'greedy responses' };

/** Columns with data in some row; diagnostics have no greedy ones. */
const filled = (columns: readonly Column[], rows: readonly ByColumn<{ n: number }>[]) =>
  columns.filter(({ id }) => rows.some((r) => r[id].n > 0));

/** The paper's rows under ours, one for each backbone that it gives figures of. */
function paperRows(
  { backbones }: Result,
  columns: readonly Column[],
  figures: readonly (Figures | ByColumn<number | null>)[],
  format: typeof printed,
): string[][] {
  return figures.flatMap((f, i) => {
    if (!columns.some((c) => typeof f[c.id] === 'number')) return [];
    const name = figures.length > 1 && backbones.length > 1 ? `paper, ${backbones[i]}` : 'paper';
    return [['', name, ...columns.map((c) => (typeof f[c.id] === 'number' ? format(f[c.id] as number, c.unit) : ''))]];
  });
}

/** Means ± half-widths of every variant, the paper's figures under them. */
function meansTable(result: Result, measure: Measure): string {
  const columns = filled(
    result.columns,
    result.rows.map((r) => r[measure]),
  );
  if (columns.length === 0) return '';
  // Variants without runs stay in the first table, as "no data".
  const rows = result.rows.filter((r) => measure === 'sampled' || columns.some((c) => r[measure][c.id].n > 0));
  const body = rows.flatMap((r) => [
    [r.label, 'ours', String(r.seeds.length), ...columns.map((c) => withInterval(r[measure][c.id], c.unit))],
    ...(measure === 'sampled' ? paperRows(result, columns, [r.paper, r.second], printed) : []).map(([a, b, ...rest]) => [
      a,
      b,
      '',
      ...rest,
    ]),
  ]);
  return markdownTable(['variant', '', 'seeds', ...columns.map((c) => c.label)], body, 2);
}

/** Paired differences with p-values, the paper's differences under them. */
function differencesTable(result: Result, measure: Measure): string {
  const columns = filled(
    result.columns,
    result.differences.map((d) => d[measure]),
  );
  if (columns.length === 0) return '';
  const rows = result.differences.filter((d) => measure === 'sampled' || columns.some((c) => d[measure][c.id].n > 0));
  const body = rows.flatMap((d) => {
    const of = d[measure];
    const pairs = Math.max(...columns.map((c) => of[c.id].n));
    return [
      [d.label, 'ours', String(pairs), ...columns.map((c) => withInterval(of[c.id], c.unit, signed))],
      [
        '',
        'p (Holm)',
        '',
        ...columns.map(({ id }) => (of[id].p === null ? '' : `${probability(of[id].p)} (${probability(of[id].holm)})`)),
      ],
      ...(measure === 'sampled' ? paperRows(result, columns, [d.paper, d.second], printedChange) : []).map(([a, b, ...rest]) => [
        a,
        b,
        '',
        ...rest,
      ]),
    ];
  });
  return markdownTable(['difference', '', 'pairs', ...columns.map((c) => c.label)], body, 2);
}

/** Figure 3 in numbers: start, end and change of each curve in each variant, the paper's beside them. */
function curvesTable({ rows, curves, differences }: Result): string {
  const body = curves.flatMap(({ curve: { metric, label, paper, direction } }) => {
    const trend = paper ? `${printed(paper[0], 'plain')} → ${printed(paper[1], 'plain')}` : ['falls', '', 'rises'][direction + 1];
    return rows.map((r, i) => {
      const cell = (window: string, format = shown) => withInterval(r.sampled[`${metric}:${window}`], 'plain', format);
      const apart = differences.find((d) => d.variant === r.variant)?.sampled[`${metric}:change`];
      return [
        i === 0 ? label : '',
        r.label,
        cell('start'),
        cell('end'),
        cell('change', signed),
        apart ? withInterval(apart, 'plain', signed) : '',
        i === 0 ? trend : '',
      ];
    });
  });
  return markdownTable(['curve', 'variant', 'start', 'end', 'change', 'change, difference to base', 'paper'], body, 2);
}

/** What each variant's training cost. */
function costTable({ rows }: Result): string {
  const body = rows.flatMap(({ label, cost }) => (cost ? [[label, cost.rollouts.toFixed(0), cost.seconds.toFixed(1)]] : []));
  return body.length ? markdownTable(['variant', 'rollouts generated a step', 'seconds a run'], body) : '';
}

/** What the claims came to, in a few sentences that promise nothing. */
function summary({ claims, rows, seeds, steps, notes }: Result): string[] {
  const number = (verdict: string) => claims.filter((c) => c.verdict === verdict).length;
  const counts = VERDICTS.map((v) => `${number(v)} ${v}`).join(', ');
  const wanted = seeds.length;
  const short = rows.filter((r) => r.seeds.length < wanted).map((r) => `${r.label} (${r.seeds.length})`);
  const tests = claims.filter((c) => c.sampled.p !== null);
  const pairs = Math.max(0, ...tests.map((c) => c.sampled.n));
  const smallest = 2 ** (1 - pairs) * tests.length;
  const list = (verdict: string) => claims.filter((c) => c.verdict === verdict).map((c) => `  - ${c.claim.text}`);
  const lines = [
    wanted === 0
      ? 'No runs yet.'
      : `Of ${count(claims.length, 'claim')}: ${counts}, from ${count(wanted, 'seed')} of ${count(steps ?? 0, 'step')} a variant. "Undecided" means that these runs cannot tell, not that there is no effect.`,
  ];
  if (short.length && wanted) lines.push(`Fewer seeds than ${wanted}: ${short.join(', ')}.`);
  if (pairs > 0 && pairs < LEAST_PAIRS)
    lines.push(
      `With ${count(pairs, 'pair')} the exact test cannot reach p < .05: no claim can be decided (${LEAST_PAIRS} pairs are the least).`,
    );
  else if (pairs > 0)
    lines.push(
      'Verdicts rest on the uncorrected p: of the claims without any effect about one in twenty is decided by chance.',
      ...(smallest < LEVEL
        ? []
        : [`With ${count(pairs, 'pair')} and ${tests.length} claims tested no Holm-corrected p of a claim can fall below .05.`]),
    );
  if (number('supported')) lines.push('Supported:', ...list('supported'));
  if (number('contradicted')) lines.push('Contradicted:', ...list('contradicted'));
  return notes.length ? [...lines, 'What differs from the paper is listed at the end.'] : lines;
}

/** The report of one experiment: summary, tables, claims with verdicts, notes. */
export function markdown(result: Result, provenance: Provenance, figure: string | null): string {
  const { title, claims, curves, maps, notes, experiment } = result;
  const { command, version, commit, adapter, date, size } = provenance;
  const section = (heading: string, ...body: string[]) =>
    body.some(Boolean) ? [`## ${heading}`, '', ...body.flatMap((b) => (b ? [b, ''] : []))] : [];
  const bullets = (lines: readonly string[]) => lines.map((l) => (l.startsWith('  ') ? l : `- ${l}`)).join('\n');
  const greedy = (c: (typeof claims)[number]) => {
    const unit = result.columns.find((x) => x.id === c.claim.column)?.unit ?? 'percent';
    return c.greedy.mean === null ? '' : ` Greedy: ${withInterval(c.greedy, unit, signed)}.`;
  };
  const means = 'Mean ± half-width of the 95 % t-interval over seeds; accuracies in per cent.';
  const pairs =
    'Seed by seed, in points for accuracies: mean ± half-width of the 95 % t-interval, then p of the exact sign-flip test and, in brackets, after Holm’s correction over all differences of the experiment.';
  // What the table of curves does not show of Figure 3 has tables like the others'.
  const rest = { ...result, columns: result.columns.filter((c) => !/:(start|end|change)$/.test(c.id)) };
  const tables = [
    ...(curves.length
      ? section('Curves', `${means} Start and end are the first and the last tenth of the steps.`, curvesTable(result))
      : []),
    ...section(`Results, ${MEASURE_NAME.sampled}`, means, meansTable(rest, 'sampled')),
    ...(result.differences.length
      ? section(`Paired differences, ${MEASURE_NAME.sampled}`, pairs, differencesTable(rest, 'sampled'))
      : []),
    ...section(`Results, ${MEASURE_NAME.greedy}`, meansTable(rest, 'greedy')),
    ...section(`Paired differences, ${MEASURE_NAME.greedy}`, differencesTable(rest, 'greedy')),
  ];
  return `${[
    `# ${title}`,
    '',
    ...section('Summary', bullets(summary(result))),
    ...(figure ? [`![${title}](${figure})`, ''] : []),
    ...tables,
    ...(maps.length
      ? section(
          'Maps',
          markdownTable(
            ['variant', 'seed', 'responses', 'trustworthiness', 'purity in the map'],
            maps.map((m) => [
              m.label,
              String(m.seed),
              String(m.points.length),
              shown(m.trustworthiness, 'plain'),
              shown(m.purity, 'plain'),
            ]),
          ),
        )
      : []),
    ...section('Claims', bullets(claims.map((c) => `**${c.verdict}**: ${c.claim.text} ${c.sentence}${greedy(c)}`))),
    ...section('Cost', costTable(result)),
    ...section('What differs from the paper', bullets(notes)),
    ...section(
      'Provenance',
      bullets([
        `Command: \`${command}\``,
        `Size ${size}, ${count(provenance.seeds, 'seed')}, ${count(provenance.steps, 'step')}; MCPO Lab ${version}, commit ${commit || NO_DATA}, ${adapter}, ${date}.`,
        `Every number of every run: \`${experiment}.csv\`; everything above as data: \`${experiment}.json\`.`,
      ]),
    ),
  ]
    .join('\n')
    .trimEnd()}\n`;
}
