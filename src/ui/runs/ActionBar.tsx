import type { RunRecord } from '../../store/glances';
import { attempt } from '../../store/kept';
import { compare, MAX_COMPARED, runsView } from '../../store/runsView';
import { ImportButton } from '../ImportButton';
import { Menu } from '../Menu';
import { remove } from './actions';
import type { Order } from './table';
import './actionBar.css';
import './tags.css';

/** What makes files loads with the first of them. */
const exchange = () => import('../../store/exchange');

/** Hands the chosen runs out. */
function Export({ runs }: { runs: readonly RunRecord[] }) {
  const ids = runs.map((r) => r.id);
  const as = (format: 'jsonl' | 'csv' | 'parquet') => () =>
    void attempt('Nothing was exported', async () => (await exchange()).exportRuns(ids, format));
  return (
    <Menu
      disabled={!runs.length}
      title="Hands the chosen runs out as files"
      items={[
        { label: 'JSON Lines', hint: 'everything, exactly', act: as('jsonl') },
        { label: 'CSV', hint: 'a table', act: as('csv') },
        { label: 'Parquet', hint: 'a table, exactly', act: as('parquet') },
        {
          label: runs.length > 1 ? 'Checkpoints' : 'Checkpoint',
          hint: 'safetensors',
          act: () => void attempt('Nothing was exported', async () => (await exchange()).exportCheckpoints(ids)),
        },
      ]}
      note="All of them open again when they are dropped on the page."
    >
      Export
    </Menu>
  );
}

interface Props {
  order: Order;
  setOrder(change: Partial<Order>): void;
  tags: readonly { tag: string; count: number }[];
  /** Runs there are, and those chosen. */
  count: number;
  chosen: readonly RunRecord[];
}

/** Finding runs, and doing something with those chosen. */
export function ActionBar({ order, setOrder, tags, count, chosen }: Props) {
  const n = chosen.length;
  if (!count)
    return (
      <div className="action-bar">
        <p className="quiet">Runs that you train are kept here, in this browser.</p>
        <ImportButton
          label="Files to import"
          title="Runs as JSON Lines, CSV or Parquet, checkpoints, figures, pools of rollouts; or drop files anywhere on the page"
          take={async (files) => (await exchange()).takeFiles(files)}
        />
      </div>
    );
  return (
    <div className="action-bar">
      <div className="find">
        <input
          type="search"
          aria-label="Find runs"
          placeholder={`Find in ${count} run${count === 1 ? '' : 's'}`}
          value={order.text}
          onChange={(e) => setOrder({ text: e.target.value })}
          onKeyDown={(e) => e.key === 'Escape' && setOrder({ text: '' })}
        />
        {tags.map(({ tag, count: of }) => (
          <button
            key={tag}
            type="button"
            className="tag"
            aria-pressed={order.tag === tag}
            onClick={() => setOrder({ tag: order.tag === tag ? null : tag })}
          >
            {tag} <span className="of">{of}</span>
          </button>
        ))}
      </div>
      <div className="do">
        <span className="quiet" aria-live="polite">
          {n ? `${n} chosen` : ''}
        </span>
        {n > 0 && (
          <button type="button" className="text" onClick={() => runsView.setState({ selected: new Set() })}>
            None
          </button>
        )}
        <button
          type="button"
          disabled={!n}
          title={n > MAX_COMPARED ? `The first ${MAX_COMPARED} of them` : 'Curves and numbers side by side'}
          onClick={() => {
            compare(chosen.map((r) => r.id));
            requestAnimationFrame(() => document.getElementById('compared')?.scrollIntoView({ block: 'start' }));
          }}
        >
          {n === 1 ? 'Show curves' : 'Compare'}
        </button>
        <Export runs={chosen} />
        <button type="button" disabled={!n} onClick={() => void remove(chosen)}>
          Delete
        </button>
        <ImportButton
          label="Files to import"
          title="Runs as JSON Lines, CSV or Parquet, checkpoints, figures, pools of rollouts; or drop files anywhere on the page"
          take={async (files) => (await exchange()).takeFiles(files)}
        />
      </div>
    </div>
  );
}
