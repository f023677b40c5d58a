import { useCallback, useMemo } from 'react';
import type { Heatmap, HeatmapCell } from '../../charts/heatmap';
import type { LogitChange } from '../../store/analysis';
import { setOption } from '../../store/look';
import type { OptionValue } from '../../store/view';
import type { Frozen } from '../../store/whatif';
import { fixed, signed, whole } from '../format';
import { Empty, Panel } from '../Panel';
import { useLab, useOption } from '../useLab';
import type { Column } from './columns';
import { logitFigure } from './figures';
import { LogitMatrix } from './LogitMatrix';
import { pairAt } from './pairs';
import { type StripGroup, Strips } from './Strips';
import { type ColumnChanges, useLogitChanges } from './useLogitChanges';

type Choice = OptionValue<'whatif.matrix'>;

const HINT =
  'Change of every logit S_ij, the cosine of two responses’ embeddings over the run’s τ, by one step. Blue: the step draws the two together. Orange: it pushes them apart. Rows and columns are sorted by domain, prompt and verdict.';
const KINDS = [
  ['crossPositive', 'Cross-domain', 'Positives: two right answers of different domains: MCPO draws them together.'],
  ['inDomainPositive', 'In-domain', 'Positives: two right answers of one domain.'],
  ['negative', 'Negative', 'A right answer and a wrong one: pushed apart.'],
] as const;

/** Which matrices there are to see, and from where. */
interface Shown {
  choice: Choice;
  label: string;
  place: number;
  minus: boolean;
}

const choicesOf = (columns: readonly Column[], { of }: ColumnChanges): Shown[] => {
  const variants = columns.flatMap((c, place) => (c.variant !== null && of[place] ? [{ c, place }] : []));
  const own = variants.map(({ c, place }): Shown => ({ choice: c.variant ? 'b' : 'a', label: c.name, place, minus: false }));
  const minus = variants.map(
    ({ c, place }): Shown => ({ choice: c.variant ? 'b-run' : 'a-run', label: `${c.name} − run`, place, minus: true }),
  );
  return [{ choice: 'run', label: 'Run', place: 0, minus: false }, ...own, ...minus];
};

function Choices({ all, shown }: { all: readonly Shown[]; shown: Shown }) {
  if (all.length < 2) return null;
  return (
    <fieldset className="segments small" aria-label="Which change">
      {all.map(({ choice, label }) => (
        <label key={choice}>
          <input
            type="radio"
            name="whatif.matrix"
            checked={shown.choice === choice}
            onChange={() => setOption('whatif.matrix', choice)}
          />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  );
}

interface PictureProps {
  frozen: Frozen;
  column: Column;
  shown: Shown;
  change: LogitChange;
  heatmap: Heatmap;
}

function heatmapOf(change: LogitChange, { minus, label }: Shown, reach: number): Heatmap {
  const digits = reach < 0.05 ? 4 : reach < 0.5 ? 3 : 2;
  return {
    values: (minus ? change.against : null) ?? change.change,
    domain: change.domain,
    prompt: change.prompt,
    correct: Array.from(change.kind, (k) => Number(k === 1)),
    reach: Math.max(reach, 1e-6),
    title: minus ? `ΔS, ${label}` : 'ΔS',
    format: (v) => signed(v, digits),
  };
}

function Picture({ frozen, column, shown, change, heatmap }: PictureProps) {
  const domains = useLab((s) => s.domains);
  const { tau } = frozen.run.config.contrast;
  const read = useCallback(
    (cell: HeatmapCell) => {
      const { anchor, partner, role, before, after } = pairAt(change, column.outcome, cell, tau);
      const word = (at: number, row: number) =>
        `${domains[change.domain[at]]?.label ?? ''} ${row + 1} (${change.kind[at] === 1 ? 'correct' : 'wrong'})`;
      const by = `S ${fixed(before, 3)} → ${fixed(after, 3)} (${signed(after - before, 3)})`;
      const against = shown.minus
        ? `, ${signed(heatmap.values[cell.row * change.n + cell.column], 3)} beside the run’s step`
        : '';
      return `${word(cell.row, anchor)} × ${word(cell.column, partner)}: ${role}, ${by}${against}`;
    },
    [change, column, tau, domains, shown.minus, heatmap],
  );
  return (
    <LogitMatrix heatmap={heatmap} read={read} label={`Change of every logit, ${shown.label}, ${whole(change.n)} responses`} />
  );
}

/** What the step does to the embeddings: every pair, and by kinds of pairs. */
export function LogitPanel({ frozen, columns }: { frozen: Frozen; columns: readonly Column[] }) {
  const { found, fault } = useLogitChanges(frozen, columns);
  const wish = useOption('whatif.matrix');
  const embedded = columns[0].outcome.before.frame.vectors !== null;
  const all = useMemo(() => (found ? choicesOf(columns, found) : []), [found, columns]);
  const shown = all.find((s) => s.choice === wish) ?? all[0];
  const change = shown && found?.of[shown.place];
  const reach = found?.changes.reach ?? 0;
  const heatmap = useMemo(() => (change && shown ? heatmapOf(change, shown, reach) : null), [change, shown, reach]);
  const spreads = columns.flatMap(({ name }, i) => {
    const own = found?.of[i];
    return own ? [{ name, roles: own.roles }] : [];
  });
  const without = columns.filter((c) => !c.same && !c.outcome.before.frame.vectors);
  const strips: StripGroup[] = found
    ? KINDS.map(([key, title, hint]) => ({
        title,
        hint,
        strips: columns.flatMap((column, i) => {
          const own = found.of[i];
          return own ? [{ column, spread: own.roles[key] }] : [];
        }),
      })).filter((g) => g.strips.some((s) => s.spread.count > 0))
    : [];
  return (
    <Panel
      name="logit-changes"
      title="Every logit"
      hint={HINT}
      aside={shown && <Choices all={all} shown={shown} />}
      {...(found && heatmap && shown ? { figure: () => logitFigure(heatmap, spreads, shown.label) } : {})}
    >
      {!embedded && (
        <Empty>
          This step trains no embedding: there are no logits. The responses’ probabilities below show what it does; λ above 0 adds
          an embedding.
        </Empty>
      )}
      {fault && (
        <p className="fault" role="alert">
          The logits could not be compared: {fault}
        </p>
      )}
      {embedded && !found && !fault && <Empty>Comparing all pairs …</Empty>}
      {found && heatmap && shown && change && (
        <>
          <Picture frozen={frozen} column={columns[shown.place]} shown={shown} change={change} heatmap={heatmap} />
          <Strips groups={strips} digits={3} caption="Changes of logits by what two responses are to each other" />
          {found.changes.looked < found.changes.n && (
            <p className="caption">
              A sample of {whole(found.changes.looked)} of {whole(found.changes.n)} responses, by whole prompts.
            </p>
          )}
        </>
      )}
      {embedded && without.length > 0 && (
        <p className="caption">{without.map((c) => c.name).join(' and ')} trains no embedding, so it has no logits.</p>
      )}
    </Panel>
  );
}
