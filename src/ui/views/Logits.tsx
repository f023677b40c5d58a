import '../logits/logits.css';
import { useMemo, useRef, useState } from 'react';
import type { HeatmapCell } from '../../charts/heatmap';
import { setOption } from '../../store/look';
import { isPlaying } from '../../store/transport';
import { whole } from '../format';
import { CentroidPanel } from '../logits/CentroidPanel';
import { LossPanel, PositivesPanel, QuantityPanel } from '../logits/CurvePanels';
import type { PairFocus } from '../logits/centroids';
import { DomainMatrix } from '../logits/DomainMatrix';
import { fansOf } from '../logits/fans';
import { Histograms } from '../logits/Histograms';
import { LogitCurves } from '../logits/LogitCurves';
import { LANE_QUANTITIES } from '../logits/lanePlots';
import { NoEmbedding } from '../logits/NoEmbedding';
import { distributionOptions, hasHead } from '../logits/options';
import { PairPanel } from '../logits/PairPanel';
import { oneMargin, oneWeight, type Run } from '../logits/plots';
import { SimilarityPanel } from '../logits/SimilarityPanel';
import { Untrained } from '../logits/Untrained';
import { useDistributions } from '../logits/useDistributions';
import { type PoolView, useLane, usePool } from '../logits/useRun';
import { chooseRow, useSimilarity } from '../logits/useSimilarity';
import { useSummary } from '../logits/useSummary';
import { CurveBar } from '../overview/CurveBar';
import { Empty } from '../Panel';
import { useFocused, useLab, useOption } from '../useLab';

const NO_FRAMES: [] = [];

/** Distributions of the pool at hand, those of the film, and its fans. */
function useSpread({ frame, file }: PoolView, run: Omit<Run, 'fans'>) {
  const film = useLab((s) => s.film.frames);
  const frames = useMemo(() => (file ? (frame ? [frame] : NO_FRAMES) : film), [file, frame, film]);
  const { config } = run.lane;
  const spread = useDistributions(
    frames,
    frame,
    useMemo(() => distributionOptions(config), [config]),
  );
  const fans = useMemo(() => fansOf(file ? [] : spread.all), [spread.all, file]);
  // What was there stays until the next is counted.
  const last = useRef<{ of: unknown; shown: ReturnType<typeof spread.of> }>({ of: null, shown: null });
  const of = file ? frame : run.trace;
  const shown = spread.of(frame) ?? (last.current.of === of ? last.current.shown : null);
  last.current = { of, shown };
  return { ...spread, shown, fans };
}

function Curves({ pool, run, spread }: { pool: PoolView; run: Run; spread: ReturnType<typeof useSpread> }) {
  const many = useLab((s) => s.runs.length > 1);
  const { seed } = useFocused();
  const curves = useOption('logits.show') === 'curves' && !pool.file;
  const when = pool.file ? 'file' : spread.shown ? `step ${whole(spread.shown.step)}` : '';
  if (!curves) return <Histograms shown={spread.shown} all={spread.all} fault={spread.fault} when={when} choice={!pool.file} />;
  return (
    <>
      <LogitCurves run={run} left={spread.left} who={many ? `${run.lane.label}, seed ${seed}` : ''} />
      <div className="stack">
        <QuantityPanel
          name="margin"
          title="Margin"
          hint="Cross-domain positive minus negative logit: how far the embedding tells right from wrong across domains. Behind the curve, the spread over anchors."
          run={run}
          plot={oneMargin}
          quantity={LANE_QUANTITIES.margin}
          figure="margin"
        />
        <QuantityPanel
          name="weight"
          title="Cross-domain weight"
          hint="Mean compatibility (5) of positive pairs across domains, 0 to 1: how alike the mean embeddings of their prompts are. Behind the curve, the spread over pairs."
          run={run}
          plot={oneWeight}
          quantity={LANE_QUANTITIES.weight}
          figure="weight"
        />
      </div>
    </>
  );
}

function Pairs({ pool, run, onPair }: { pool: PoolView; run: Run; onPair(pair: PairFocus): void }) {
  const playing = useLab(isPlaying);
  const trained = useLab((s) => s.step > 0);
  const { config } = run.lane;
  const similarity = useSimilarity(pool.frame, config, !playing);
  const summary = useSummary(pool.frame, config, useOption('logits.domains') === 'weight' || pool.file);
  const [cell, setCell] = useState<HeatmapCell | null>(null);
  const [inside, setInside] = useState(false);
  const [jumps, setJumps] = useState(0);
  const { matrix } = similarity;
  const { names } = pool;
  if (!names || !pool.frame)
    return (
      <section className="panel similarity" aria-label="Similarity of all pairs">
        <Empty>
          {trained
            ? 'These curves come without their rollouts: those show when training goes on.'
            : 'Press Play, or the space bar: with the first step there are rollouts to compare.'}
        </Empty>
      </section>
    );
  const point = (at: HeatmapCell) => {
    setCell(at);
    const found = matrix?.view.cell(at.row, at.column);
    onPair(found && matrix ? [matrix.frame.domain[found.anchor], matrix.frame.domain[found.partner]] : null);
  };
  const find = (at: HeatmapCell) => {
    setCell(at);
    setJumps((n) => n + 1);
  };
  const moveIn = (now: boolean) => {
    setInside(now);
    if (!now) onPair(null);
  };
  return (
    <>
      <SimilarityPanel
        pool={{ ...pool, names }}
        similarity={similarity}
        cell={cell}
        setCell={point}
        inside={inside}
        setInside={moveIn}
        jumps={jumps}
      />
      <div className="stack beside">
        <PairPanel
          matrix={matrix}
          names={names}
          cell={cell}
          choose={(row) => matrix && chooseRow(matrix, pool, row)}
          onFind={find}
        />
        <DomainMatrix run={pool.file ? null : run} sides={names} summary={summary} onPair={onPair} />
      </div>
    </>
  );
}

/** Which pool: the run's, or the user's file. */
function SourceChoice({ file }: { file: boolean }) {
  const given = useLab((s) => s.file);
  if (!given) return null;
  return (
    <fieldset className="segments small" aria-label="Pairs of">
      {(['pool', 'file'] as const).map((value) => (
        <label key={value}>
          <input
            type="radio"
            name="logits.source"
            checked={file === (value === 'file')}
            onChange={() => setOption('geometry.source', value)}
          />
          <span>{value === 'file' ? 'File' : 'Training'}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** How alike the pool's rollouts are: over training, at one step, pair by pair. */
export default function Logits() {
  const lanes = useLab((s) => s.lanes);
  const { trace } = useFocused();
  const lane = useLane();
  const pool = usePool();
  const spread = useSpread(pool, { trace, lane });
  const { fans } = spread;
  const run = useMemo((): Run => ({ trace, lane, fans }), [trace, lane, fans]);
  const [focus, setFocus] = useState<PairFocus>(null);
  const head = hasHead(lanes);
  const some = head || (pool.file && pool.frame?.vectors);
  return (
    <div className="logits-view">
      {head && !pool.file && <CurveBar />}
      <SourceChoice file={pool.file} />
      {head && !pool.file && <Untrained />}
      {!some && <NoEmbedding />}
      {some && (
        <div className="grid">
          <Curves pool={pool} run={run} spread={spread} />
          {!pool.file && (
            <>
              <PositivesPanel run={run} />
              <LossPanel run={run} />
              <CentroidPanel run={run} focus={focus} />
            </>
          )}
          <Pairs pool={pool} run={run} onPair={setFocus} />
        </div>
      )}
    </div>
  );
}
