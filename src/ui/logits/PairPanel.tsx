import type { HeatmapCell } from '../../charts/heatmap';
import type { Cell } from '../../store/analysis';
import { setOption, show } from '../../store/look';
import { DomainMark } from '../DomainMark';
import type { Figure } from '../figure';
import { fixed, percent } from '../format';
import { Hint } from '../Hint';
import { Empty, Panel } from '../Panel';
import type { Names } from '../rollouts/groups';
import { type TableCell, tableFigure } from '../tableFigure';
import { useLab } from '../useLab';
import { compact, FINDS, findPair, type RolloutFacts, rolloutFacts } from './pair';
import { roleText } from './roles';
import type { Matrix } from './useSimilarity';
import './pair.css';

const HINT = 'What a cell of the matrix holds: the anchor is its row, the partner its column.';

function Rollout({ title, facts }: { title: string; facts: RolloutFacts }) {
  return (
    <div className="rollout">
      <p>
        <span className="quiet">{title}</span> <DomainMark domain={facts.mark} open={!facts.correct} /> {facts.domain}
        {facts.column !== facts.domain && <span className="quiet"> {facts.column}</span>} ·{' '}
        <b>{facts.correct ? 'correct' : 'wrong'}</b>
      </p>
      <p className="code prompt" title={facts.text}>
        {facts.text}
      </p>
      <p className="code response">
        <span aria-hidden="true">↳ </span>
        {facts.response || '(empty)'}
      </p>
    </div>
  );
}

interface Line {
  label: string;
  hint: string;
  value: string;
}

function linesOf(cell: Cell): Line[] {
  const lines: Line[] = [
    { label: 'Cosine', hint: 'Of the two embeddings: 1 where they point the same way.', value: fixed(cell.cosine, 4) },
    { label: 'Logit', hint: 'The cosine divided by τ.', value: fixed(cell.logit, 3) },
    {
      label: 'Weight',
      hint: 'Compatibility (5) of the two prompts: how alike the mean embeddings of their correct rollouts are. Weighs pairs across domains only.',
      value: cell.weight === null ? '–' : fixed(cell.weight, 3),
    },
    {
      label: 'Loss term',
      hint: '−log of this positive’s chance against what competes with it. Positives only.',
      value: cell.loss === null ? '–' : compact(cell.loss),
    },
    {
      label: 'Adds to the loss',
      hint: 'The term with its weight and coefficient, divided by the mass of positives: its part of the whole contrastive loss (11).',
      value: cell.part === null ? '–' : compact(cell.part),
    },
  ];
  if (cell.share !== null)
    lines.push({
      label: 'Share of the push',
      hint: 'Among all that competes with the anchor’s positives, how much this one weighs: its softmax share.',
      value: percent(cell.share),
    });
  return lines;
}

/** The two rollouts, then their numbers. */
function pairFigure(role: string, anchor: RolloutFacts, partner: RolloutFacts, cell: Cell): Figure {
  const rollout = (label: string, { mark, correct, column, text, response }: RolloutFacts): TableCell[] => [
    { text: label },
    { text: `${column}, ${correct ? 'correct' : 'wrong'}: ${text} → ${response || '(empty)'}`, domain: mark, open: !correct },
  ];
  return tableFigure(`Pair: ${role}`, {
    columns: [{ text: 'Pair' }, { text: role }],
    rows: [
      rollout('Anchor', anchor),
      rollout('Partner', partner),
      ...linesOf(cell).map(({ label, value }): TableCell[] => [{ text: label }, { text: value }]),
    ],
  });
}

/** Leads to pairs worth a look. */
function Finds({ matrix: { view }, onFind }: { matrix: Matrix; onFind(cell: HeatmapCell): void }) {
  return (
    <div className="find">
      Find
      {(Object.keys(FINDS) as (keyof typeof FINDS)[]).map((which) => (
        <button
          key={which}
          type="button"
          title={FINDS[which].hint}
          onClick={() => {
            const cell = findPair(view, which);
            if (cell) onFind(cell);
          }}
        >
          {FINDS[which].label}
        </button>
      ))}
    </div>
  );
}

interface Props {
  matrix: Matrix | null;
  names: Names;
  cell: HeatmapCell | null;
  /** Makes the anchor the selected rollout. */
  choose(row: number): void;
  /** Moves to a cell. */
  onFind(cell: HeatmapCell): void;
}

/** The two rollouts of a cell, and all about their similarity. */
export function PairPanel({ matrix, names, cell, choose, onFind }: Props) {
  const vocabulary = useLab((s) => s.vocabulary);
  const found = matrix && cell && matrix.view.cell(cell.row, cell.column);
  const facts = (row: number) => rolloutFacts((matrix as Matrix).frame, row, names, vocabulary);
  const open = (view: 'geometry' | 'rollouts', row: number) => {
    if (matrix?.frame.source === 'pool') setOption('geometry.source', 'pool');
    choose(row);
    show(view);
  };
  if (!matrix || !found)
    return (
      <Panel name="pair" title="Pair" hint={HINT} figure={false}>
        {matrix && <Finds matrix={matrix} onFind={onFind} />}
        <Empty>
          {matrix
            ? 'Point at a cell of the matrix, or move to it with the arrow keys.'
            : 'Cells are read out here, once there is a matrix.'}
        </Empty>
      </Panel>
    );
  const [anchor, partner] = [facts(found.anchor), facts(found.partner)];
  const role = roleText(found.role, anchor.correct, partner.correct);
  return (
    <Panel
      name="pair"
      title="Pair"
      hint={HINT}
      aside={
        <Hint text={role.hint}>
          <span className="role">{role.name}</span>
        </Hint>
      }
      figure={() => pairFigure(role.name, anchor, partner, found)}
    >
      <Finds matrix={matrix} onFind={onFind} />
      <Rollout title="Anchor" facts={anchor} />
      <Rollout title="Partner" facts={partner} />
      <dl>
        {linesOf(found).map(({ label, hint, value }) => (
          <div key={label}>
            <dt>
              <Hint text={hint}>{label}</Hint>
            </dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div className="acts">
        <button type="button" onClick={() => open('geometry', found.anchor)}>
          Inspect in geometry
        </button>
        <button type="button" onClick={() => open('rollouts', found.anchor)}>
          Show in rollouts
        </button>
      </div>
    </Panel>
  );
}
