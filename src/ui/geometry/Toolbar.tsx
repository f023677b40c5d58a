import { memo, type ReactNode } from 'react';
import { select, setHighlight, setOption } from '../../store/look';
import { OPTIONS, type OptionName, type OptionValue } from '../../store/view';
import { Hint } from '../Hint';
import { useFocusedLane, useLab, useOption } from '../useLab';
import { trainsEmbedding } from './source';
import type { Frames } from './useFilm';
import './toolbar.css';

const METHODS = {
  pca: ['PCA', 'Principal components: the plane with the largest spread. Linear, so distances and directions can be read.'],
  tsne: [
    't-SNE',
    'Keeps near neighbours together; distances between groups mean nothing. Seeded; each step goes on from the one before.',
  ],
  umap: ['UMAP', 'Keeps neighbours together and something of the whole. Seeded; each step goes on from the one before.'],
} as const;
const COLORS = { domain: 'domain', correct: 'verdict', advantage: 'advantage', column: 'benchmark' } as const;
const SHOWS = { all: 'all', correct: 'correct', wrong: 'wrong' } as const;
const PERPLEXITY =
  'About how many neighbours t-SNE keeps near each point. Auto is 30, or what the number of rollouts allows. Small values show small groups, large ones the whole.';
const NEIGHBOURS = 'How many neighbours of each point UMAP looks at. Small values show small groups, large ones the whole.';

interface Choice {
  value: string;
  label: string;
  title?: string;
  disabled?: boolean;
}

function Segments({
  name,
  label,
  value,
  choices,
  choose,
}: {
  name: string;
  label: string;
  value: string;
  choices: readonly Choice[];
  choose(value: string): void;
}) {
  return (
    <fieldset className="segments small" aria-label={label}>
      {choices.map((c) => (
        <label key={c.value} title={c.title}>
          <input type="radio" name={name} checked={value === c.value} disabled={c.disabled} onChange={() => choose(c.value)} />
          <span>{c.label}</span>
        </label>
      ))}
    </fieldset>
  );
}

function Select<K extends OptionName>({
  name,
  label,
  words,
  disabled = {},
}: {
  name: K;
  label: ReactNode;
  words: (value: OptionValue<K>) => string;
  disabled?: { [V in OptionValue<K>]?: boolean };
}) {
  const wanted = useOption(name);
  const value = disabled[wanted] ? OPTIONS[name][0] : wanted;
  return (
    <label>
      {label}{' '}
      <select className="choice" value={value} onChange={(e) => setOption(name, e.target.value as OptionValue<K>)}>
        {(OPTIONS[name] as readonly OptionValue<K>[]).map((v) => (
          <option key={v} value={v} disabled={disabled[v]}>
            {words(v)}
          </option>
        ))}
      </select>
    </label>
  );
}

function Check({
  name,
  disabled = false,
  title,
  children,
}: {
  name: 'geometry.means' | 'geometry.links' | 'geometry.trails';
  disabled?: boolean;
  title: string;
  children: ReactNode;
}) {
  const on = useOption(name) === 'on' && !disabled;
  return (
    <label className="check" title={title}>
      <input type="checkbox" checked={on} disabled={disabled} onChange={() => setOption(name, on ? 'off' : 'on')} /> {children}
    </label>
  );
}

/** What is drawn, and how. */
export const Toolbar = memo(function Toolbar({ source, shown }: Frames) {
  const { config } = useFocusedLane();
  const file = useLab((s) => s.file);
  const method = useOption('geometry.method');
  const dimensions = useOption('geometry.dimensions');
  const own = trainsEmbedding(config);
  const sources: Choice[] = [
    {
      value: 'pool',
      label: 'Training',
      title: own
        ? 'The rollouts of the last mini-batch, where the projection head puts them'
        : 'This method trains no projection head, so its training rollouts have no embedding',
      disabled: !own,
    },
    {
      value: 'heldOut',
      label: 'Held-out',
      title: 'The same prompts, never trained on, at every step: the policy’s own hidden states',
    },
    ...(file ? [{ value: 'file', label: 'File', title: 'The pool file that was dropped on the page' }] : []),
  ];
  return (
    <section className="panel geo-tools" aria-label="How the map is drawn">
      <Segments
        name="geometry.source"
        label="Rollouts of"
        value={source}
        choices={sources}
        choose={(v) => {
          select(null);
          setHighlight({});
          setOption('geometry.source', v as Frames['source']);
        }}
      />
      <Segments
        name="geometry.method"
        label="Method of the map"
        value={method}
        choices={(Object.keys(METHODS) as (keyof typeof METHODS)[]).map((value) => ({
          value,
          label: METHODS[value][0],
          title: METHODS[value][1],
        }))}
        choose={(v) => setOption('geometry.method', v as keyof typeof METHODS)}
      />
      <Segments
        name="geometry.dimensions"
        label="Dimensions"
        value={dimensions}
        choices={[
          { value: '2', label: '2-D', title: 'In the plane' },
          { value: '3', label: '3-D', title: 'In space: drag to turn' },
        ]}
        choose={(v) => setOption('geometry.dimensions', v as '2' | '3')}
      />
      {method === 'tsne' && (
        <Select name="geometry.perplexity" label={<Hint text={PERPLEXITY}>Perplexity</Hint>} words={(v) => v} />
      )}
      {method === 'umap' && (
        <Select name="geometry.neighbours" label={<Hint text={NEIGHBOURS}>Neighbours</Hint>} words={(v) => v} />
      )}
      <Select
        name="geometry.color"
        label="Colour"
        words={(v) => COLORS[v]}
        disabled={{ advantage: shown !== null && !shown.advantage }}
      />
      <Select name="geometry.show" label="Show" words={(v) => SHOWS[v]} />
      <span className="geo-checks">
        <Check name="geometry.means" title="The mean of each domain’s correct rollouts">
          Means
        </Check>
        {source === 'heldOut' ? (
          <Check name="geometry.trails" title="Where each rollout was in the last pictures">
            Trails
          </Check>
        ) : (
          <Check
            name="geometry.links"
            title="Each prompt’s mean correct rollout (5), and lines between compatible ones of different domains: the darker, the larger the weight"
          >
            Prototypes
          </Check>
        )}
      </span>
    </section>
  );
});
