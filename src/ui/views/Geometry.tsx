import '../geometry/geometry.css';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { analysis, type Call } from '../../store/analysis';
import { chosen } from '../../store/changes';
import { lab } from '../../store/lab';
import { select, selectAt } from '../../store/look';
import { arrowsOn } from '../geometry/arrows';
import { CentroidPanel } from '../geometry/CentroidPanel';
import { contrastOf, forcesOn } from '../geometry/contrast';
import { InspectorPanel } from '../geometry/InspectorPanel';
import { MapPanel } from '../geometry/MapPanel';
import { dressed } from '../geometry/mapCloud';
import { QualityPanel } from '../geometry/QualityPanel';
import { frameNames, type Source } from '../geometry/source';
import { Toolbar } from '../geometry/Toolbar';
import { useAnswer } from '../geometry/useAnswer';
import { useCloud } from '../geometry/useCloud';
import { useFilmMaps, useFilmOptions, useFrames } from '../geometry/useFilm';
import { useInspection } from '../geometry/useInspection';
import { useFocusedLane, useLab, useOption } from '../useLab';

const NOTHING: Record<Source, string> = {
  pool: 'Press Play, or the space bar: the rollouts of the first step show here, and the map follows the training.',
  heldOut: 'Held-out rollouts of the policy as it stands are on their way.',
  file: 'Drop a pool file on the page to see its rollouts here.',
};

/** Why held-out rollouts stand in for those of training. */
function useNote(wanted: Source, source: Source): string | null {
  const { presets } = useFocusedLane();
  if (wanted === source) return null;
  const method = chosen(presets, 'method')?.label ?? 'This method';
  return `${method} trains no embedding, so the policy’s own hidden states on held-out prompts are shown.`;
}

/** Rollouts in the embedding over training, and what pulls and pushes one of them. */
export default function Geometry() {
  const wanted = useOption('geometry.source');
  const domains = useLab((s) => s.domains);
  const selected = useLab((s) => s.selected);
  const highlight = useLab((s) => s.highlight);
  const { config } = useFocusedLane();
  const frames = useFrames(wanted);
  const [sample, setSample] = useState<number | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another source has other rollouts
  useEffect(() => setSample(null), [frames.source]);
  const view = useFilmMaps(frames, useFilmOptions(sample), true);
  const { picture, pictures } = view;
  const frame = picture?.frame ?? null;
  const names = useMemo(() => frame && frameNames(frame, domains), [frame, domains]);
  const row = selected !== null && frame && selected < frame.n ? selected : null;

  const question = useMemo(() => {
    if (!frame) return null;
    const { labels, switches } = contrastOf(config, frame);
    const options = { ...(labels ? { labels } : {}), ...(switches?.weightMap ? { weightMap: switches.weightMap } : {}) };
    return async (call: Call) => ({ frame, summary: await analysis().summary(frame, options, call) });
  }, [frame, config]);
  const measured = useAnswer(question).value;
  const summary = measured && measured.frame === frame ? measured.summary : null;

  const inspected = useInspection(frame, row, config);
  const base = useCloud(picture, pictures, names, summary);
  const found = inspected.inspection.value;
  const { out } = inspected;
  const cloud = useMemo(() => {
    if (!base || !picture) return null;
    const inspection = found && found.row === row && found.coefficients.length === picture.frame.n ? found : null;
    const arrows = inspection && row !== null ? arrowsOn(base, picture, row, forcesOn(inspection, out)) : [];
    return dressed(base, picture, { selected: row, highlight, arrows });
  }, [base, picture, found, row, highlight, out]);

  const choose = useCallback(
    (next: number | null) => {
      const { status, film } = lab.getState();
      // What is picked of a pool stays while training goes on, and where an earlier picture is still on the canvas.
      const passing = frame?.source === 'pool' && (status === 'training' || film.frames.at(-1) !== frame);
      if (next !== null && frame && passing) selectAt(frame.step, next);
      else select(next);
    },
    [frame],
  );
  const training = useLab((s) => s.status === 'training');
  // biome-ignore lint/correctness/useExhaustiveDependencies: when training goes on, what was selected stays
  useEffect(() => {
    if (training && row !== null && lab.getState().at === null) choose(row);
  }, [training]);
  const shared = useMemo(() => frame && names && { frame, names, choose }, [frame, names, choose]);
  const note = useNote(wanted, frames.source);
  return (
    <div className={`geometry ${picture ? '' : 'bare'}`}>
      <Toolbar {...frames} />
      <MapPanel
        frames={frames}
        view={view}
        names={names}
        cloud={cloud}
        selected={row}
        choose={choose}
        setSample={setSample}
        note={note}
        empty={NOTHING[frames.source]}
      />
      <InspectorPanel shared={shared} picture={picture} inspected={inspected} />
      {picture && frame && names && (
        <>
          <QualityPanel picture={picture} summary={summary} />
          <CentroidPanel measured={measured} />
        </>
      )}
    </div>
  );
}
