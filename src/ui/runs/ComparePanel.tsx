import { useMemo } from 'react';
import { compare, runsView } from '../../store/runsView';
import { Chart } from '../Chart';
import { chartFigure } from '../figure';
import { LaneMark } from '../LaneMark';
import { smoothingText } from '../overview/lanes';
import { useSetting } from '../overview/useSetting';
import { Panel } from '../Panel';
import { DifferenceTable, FinalTable } from './CompareTables';
import { type ComparePicture, comparePlot, PICTURES } from './comparePlot';
import { type Compared, useCompared } from './useCompared';
import { useRunsView } from './useLibrary';
import './compare.css';

function Picture({ picture, runs }: { picture: ComparePicture; runs: readonly Compared[] }) {
  const setting = useSetting();
  const { window } = setting;
  const plot = useMemo(() => comparePlot(picture, runs, setting), [picture, runs, setting]);
  const ids = runs.map((r) => r.record.id);
  return (
    <Panel
      name="chart"
      title={picture.title}
      hint={`${picture.hint}${picture.reading ? ` Curves are ${smoothingText(window)}.` : ''}`}
      figure={() => ({
        ...chartFigure(picture.title, (colors) => ({
          ...comparePlot(picture, runs, { palette: colors, window }),
          labels: 'end',
        })),
        runs: ids,
      })}
    >
      <Chart label={`${picture.title} of the compared runs`} chart={plot} />
    </Panel>
  );
}

/** Runs side by side: curves, numbers at the end, settings that differ. */
export function ComparePanel() {
  const count = useRunsView((s) => s.compared.length);
  const runs = useCompared();
  if (!count) return null;
  if (!runs) return <p className="empty wide">Reading runs…</p>;
  if (!runs.length) return null;
  return (
    <>
      <section className="panel compared" id="compared" aria-label={runs.length > 1 ? 'Compared runs' : 'Curves of one run'}>
        <h2>{runs.length > 1 ? `Comparing ${runs.length} runs` : 'One run'}</h2>
        <ul>
          {runs.map(({ record, style }) => (
            <li key={record.id}>
              <LaneMark lane={style} /> <span className="head-name">{record.name}</span>
              <button
                type="button"
                className="text"
                aria-label={`Take ${record.name} out of the comparison`}
                onClick={() => compare(runs.map((r) => r.record.id).filter((id) => id !== record.id))}
              >
                ×
              </button>
            </li>
          ))}
        </ul>
        <button type="button" className="small" onClick={() => runsView.setState({ compared: [] })}>
          Close
        </button>
      </section>
      {PICTURES.map((picture) => (
        <Picture key={picture.title} picture={picture} runs={runs} />
      ))}
      <FinalTable runs={runs} />
      <DifferenceTable runs={runs} />
    </>
  );
}
