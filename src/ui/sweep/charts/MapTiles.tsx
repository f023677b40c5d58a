import { useCallback, useMemo, useState } from 'react';
import { drawMapTile, type MapTile, mapReach, mapTable } from '../../../charts/sweep/mapTile';
import { Canvas, type Draw } from '../../Canvas';
import { DomainMark } from '../../DomainMark';
import { type Figure, tiledFigure } from '../../figure';
import { Empty, Panel } from '../../Panel';
import { useLab } from '../../useLab';
import { usePalette } from '../../usePalette';
import { useSweep } from '../useSweep';
import { type Model, valueText } from './model';
import { MOST_TILES, mapTrial, tilePoints } from './multiples';
import { TileChoice, Tiles } from './Tiles';

const HINT =
  'Embeddings of the last pool’s rollouts on their first two principal components, of one seed of each point. Colour and shape tell the domain; filled rollouts are correct. Each map has its own axes and scale.';

function Tile({ map, label }: { map: MapTile; label: string }) {
  const palette = usePalette();
  const draw: Draw = useCallback((context, size) => drawMapTile(context, size, map, mapReach([map]), palette), [map, palette]);
  return (
    <div className="plot">
      <Canvas draw={draw} role="img" aria-label={label} />
    </div>
  );
}

/** Maps of the embeddings at the end, a tile a point. */
export function MapTiles({ model }: { model: Model }) {
  const domains = useLab((s) => s.domains);
  const selected = useSweep((s) => s.selected);
  const [mode, choose] = useState<'best' | 'selected'>('best');
  const points = useMemo(
    () => tilePoints(model, selected, mode, (p) => mapTrial(p) !== undefined, MOST_TILES),
    [model, selected, mode],
  );
  const of = (point: number) => {
    const trial = mapTrial(model.points[point]);
    return trial?.map ? { seed: trial.seed, map: trial.map } : null;
  };
  const shown = useMemo(() => {
    const seen = new Set(points.flatMap((p) => [...(mapTrial(model.points[p])?.map?.domain ?? [])]));
    return [...seen].sort((a, b) => a - b);
  }, [points, model]);
  const figure = (): Figure => {
    const parts = points.flatMap((p): Figure[] => {
      const found = of(p);
      if (!found) return [];
      return [
        {
          title: model.points[p].name,
          draw: (context, size, palette) => drawMapTile(context, size, found.map, mapReach([found.map]), palette),
          table: mapTable(
            found.map,
            domains.map((d) => d.label),
          ),
          description: `seed ${found.seed}, ${valueText(model, model.points[p])}`,
        },
      ];
    });
    const [first] = parts;
    const table = {
      columns: ['point', ...first.table.columns],
      rows: parts.flatMap((part, i) => part.table.rows.map((row) => [points[i], ...row])),
    };
    return { ...tiledFigure('Maps at the end by point', parts, Math.min(3, parts.length)), table, runs: [] };
  };
  return (
    <Panel
      name="multiples map-tiles"
      title="Maps at the end"
      hint={HINT}
      aside={<TileChoice name="the maps" mode={mode} choose={choose} />}
      figure={points.length > 0 && figure}
    >
      {points.length ? (
        <>
          <Tiles
            model={model}
            points={points}
            tile={(p) => {
              const found = of(p);
              const right = found?.map.correct.filter(Boolean).length;
              return (
                found && (
                  <Tile
                    map={found.map}
                    label={`Map of point ${p}, seed ${found.seed}: ${right} of ${found.map.x.length} rollouts are correct`}
                  />
                )
              );
            }}
          />
          <p className="legend">
            {shown.map((d) => (
              <span key={d}>
                <DomainMark domain={d} /> {domains[d]?.label ?? d}
              </span>
            ))}
            <span>filled: correct</span>
          </p>
        </>
      ) : (
        <Empty>
          {mode === 'selected'
            ? 'Select points by a brush on the parallel axes, or in the table: their maps show here.'
            : 'When a trial that trains an embedding ends, the map of its last rollouts shows here.'}
        </Empty>
      )}
    </Panel>
  );
}
