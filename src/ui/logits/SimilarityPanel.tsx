import { useMemo } from 'react';
import { drawHeatmap, type Heatmap, type HeatmapCell, heatmapHome } from '../../charts/heatmap';
import { setHighlight, setOption } from '../../store/look';
import { OPTIONS } from '../../store/view';
import type { Figure } from '../figure';
import { whole } from '../format';
import { MatrixCanvas } from '../matrix/MatrixCanvas';
import { Empty, Panel } from '../Panel';
import type { Names } from '../rollouts/groups';
import { useLab, useOption } from '../useLab';
import { heatmapOf } from './heatmaps';
import { MeansTable } from './MeansTable';
import { pairText, rolloutFacts } from './pair';
import type { PoolView } from './useRun';
import { chooseRow, type Matrix, type Similarity } from './useSimilarity';
import './similarity.css';
import { Fault } from '../Fault';

const HINT =
  'The logit of every pair of rollouts, sorted by domain, then prompt, then correct before wrong. Blue: alike; orange: opposed. MCPO wants correct rollouts of all domains blue among themselves, and pale or orange where correct meets wrong.';
const KEYS =
  'Drag a rectangle to look closer; the wheel zooms once the matrix is pressed; Shift and drag moves. Keys: arrows, with Shift from prompt to prompt, + − 0, Enter.';

function figureOf(heatmap: Heatmap, title: string): Figure {
  const n = heatmap.domain.length;
  const size = { width: 720, height: 660 };
  return {
    title,
    size,
    draw: (context, at, palette) => drawHeatmap(context, at, heatmap, heatmapHome(at, n), palette),
    table: {
      columns: ['place', ...Array.from({ length: n }, (_, at) => String(at))],
      rows: Array.from({ length: n }, (_, at) => [at, ...heatmap.values.subarray(at * n, (at + 1) * n)]),
    },
  };
}

const NAMES = { logit: 'Logit', centred: 'Above mean' } as const;

/** Logits as they are, or what sets pairs apart from the mean of all. */
function ScaleChoice() {
  const show = useOption('logits.matrix');
  return (
    <fieldset className="segments small" aria-label="Colours of the matrix">
      {OPTIONS['logits.matrix'].map((value) => (
        <label key={value}>
          <input type="radio" name="logits.matrix" checked={show === value} onChange={() => setOption('logits.matrix', value)} />
          <span>{NAMES[value]}</span>
        </label>
      ))}
    </fieldset>
  );
}

interface Props {
  pool: PoolView & { names: Names };
  similarity: Similarity;
  cell: HeatmapCell | null;
  setCell(cell: HeatmapCell): void;
  /** Whether the pointer or the keys are in the matrix. */
  setInside(inside: boolean): void;
  inside: boolean;
  /** Counts the cells that the matrix must move to. */
  jumps: number;
}

/** The N × N similarity matrix, made on demand. */
export function SimilarityPanel({ pool, similarity, cell, setCell, setInside, inside, jumps }: Props) {
  const { frame, names, file } = pool;
  const { matrix, current, busy, fault, compute } = similarity;
  const vocabulary = useLab((s) => s.vocabulary);
  const selected = useLab((s) => s.selected);
  const lit = useLab((s) => s.highlight);
  const show = useOption('logits.matrix');
  const base = useMemo(() => matrix && heatmapOf(matrix, names, show), [matrix, names, show]);
  const places = useMemo(() => {
    const out = new Map<number, number>();
    matrix?.view.order.forEach((row, place) => out.set(row, place));
    return out;
  }, [matrix]);
  const marked = [selected, inside ? null : lit.rollout].flatMap((row) =>
    row != null && current ? (places.get(row) ?? []) : [],
  );
  const rows = marked.join(' ');
  const heatmap = useMemo(
    () => base && { ...base, cursor: cell, rows: rows ? rows.split(' ').map(Number) : [] },
    [base, cell, rows],
  );
  const n = frame?.n ?? 0;
  const when = (f: Matrix['frame']) => (f.source === 'file' ? 'file' : `step ${whole(f.step)}`);
  const facts = (row: number) => rolloutFacts((matrix as Matrix).frame, row, names, vocabulary);
  const read = ({ row, column }: HeatmapCell) => {
    const found = matrix?.view.cell(row, column);
    return found ? pairText(found, facts(found.anchor), facts(found.partner)) : '';
  };
  const point = (at: HeatmapCell) => {
    setCell(at);
    setInside(true);
    const found = matrix?.view.cell(at.row, at.column);
    // Rows of another pool than the one at hand mean nothing to the other views.
    if (found && matrix)
      setHighlight({
        domain: matrix.frame.domain[found.anchor],
        ...(current ? { prompt: matrix.frame.prompt[found.anchor], rollout: found.anchor } : {}),
      });
  };
  const choose = (at: HeatmapCell) => {
    const found = matrix?.view.cell(at.row, at.column);
    if (found && matrix) chooseRow(matrix, pool, found.anchor);
  };
  const leave = () => {
    setInside(false);
    setHighlight({});
  };
  const button = !current && frame?.vectors && busy === null && (
    <button type="button" className={matrix ? '' : 'primary'} onClick={compute}>
      {matrix ? `Compute ${file ? 'the file’s' : `step ${whole(frame.step)}`}` : `Compute the ${n} × ${n} matrix`}
    </button>
  );
  return (
    <Panel
      name="similarity"
      title="Similarity of all pairs"
      hint={`${HINT} ${KEYS}`}
      aside={
        matrix && (
          <span className="when">
            {!current && button}
            <span>
              {when(matrix.frame)} · {whole(matrix.view.n)} × {whole(matrix.view.n)}
            </span>
            <ScaleChoice />
          </span>
        )
      }
      figure={
        heatmap !== null &&
        matrix !== null &&
        (() => figureOf({ ...heatmap, cursor: null }, `Similarity of all pairs, ${when(matrix.frame)}`))
      }
    >
      {busy !== null && <progress aria-label="Matrix being computed" value={busy || undefined} />}
      <Fault text={fault} />
      {heatmap && matrix ? (
        <>
          <MatrixCanvas
            heatmap={heatmap}
            label={`Similarity of all pairs of ${whole(matrix.view.n)} rollouts, ${when(matrix.frame)}`}
            cell={cell && cell.row < matrix.view.n && cell.column < matrix.view.n ? cell : null}
            setCell={point}
            leave={leave}
            choose={choose}
            read={read}
            jumps={jumps}
            domain={inside ? null : (lit.domain ?? null)}
          />
          <MeansTable matrix={matrix} names={names} />
        </>
      ) : (
        !fault && (
          <div className="on-demand">
            {busy === null ? button : <p className="quiet">Comparing {whole(n)} rollouts…</p>}
            <Empty>Every rollout of the pool against every other. It is made when you ask, or when training pauses.</Empty>
          </div>
        )
      )}
    </Panel>
  );
}
