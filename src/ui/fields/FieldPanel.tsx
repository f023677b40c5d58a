import { useCallback, useMemo, useRef, useState } from 'react';
import { FIELDS } from '../../config/fields';
import { changesOf, chosen, presetConfig } from '../../store/changes';
import { useLab } from '../useLab';
import { ChangeList } from './ChangeList';
import { FieldGroup } from './FieldGroup';
import { FieldRow } from './FieldRow';
import { Finder } from './Finder';
import './fields.css';
import './controls.css';
import './row.css';
import { GROUPS, type Group, sections, TOP } from './groups';
import { Ablations, MethodField, presetText, SizeField } from './Presets';
import { found, matches } from './search';

/** What is trained: method, size, tasks, then every field in folded groups that can be searched. */
export function FieldPanel({ className = '' }: { className?: string }) {
  const presets = useLab((s) => s.presets);
  const config = useLab((s) => s.config);
  const [query, setQuery] = useState('');
  const [onlyChanged, setOnlyChanged] = useState(false);
  const results = useRef<HTMLDivElement>(null);
  const changes = useMemo(() => changesOf(presets, config), [presets, config]);
  const changed = new Set(changes.map((c) => c.field.path));
  const filtering = query.trim() !== '' || onlyChanged;
  const shown = filtering
    ? FIELDS.filter((f) => matches(f, query) && (!onlyChanged || changed.has(f.path))).map((f) => f.path)
    : [];
  const presetsFound = filtering && !onlyChanged && found(query, presetText);
  const toFirst = () => results.current?.querySelector<HTMLElement>('input, select')?.focus();

  return (
    <section className={`fields ${className}`} aria-label="What is trained">
      <div className="fields-top">
        <Finder
          query={query}
          onlyChanged={onlyChanged}
          changed={changes.length}
          shown={filtering ? shown.length : null}
          onQuery={setQuery}
          onOnlyChanged={setOnlyChanged}
          onEnter={toFirst}
        >
          <h2>What is trained</h2>
        </Finder>
      </div>
      {!filtering && <ChangeList changes={changes} />}
      <div ref={results}>
        {(!filtering || presetsFound) && (
          <div className="rows">
            <MethodField />
            <SizeField />
            <Ablations />
          </div>
        )}
        {filtering ? (
          <Found
            paths={shown}
            none={presetsFound ? '' : onlyChanged && !query.trim() ? 'Nothing is changed.' : `No field has “${query.trim()}”.`}
          />
        ) : (
          <Everything changed={changed} />
        )}
      </div>
    </section>
  );
}

/** The fields that the search box found, under their groups' titles. */
function Found({ paths, none }: { paths: readonly string[]; none: string }) {
  if (paths.length === 0) return <p className="help none">{none}</p>;
  const has = (path: string) => paths.includes(path);
  const top = TOP.filter(has);
  return (
    <>
      {top.length > 0 && (
        <div className="rows">
          {top.map((path) => (
            <FieldRow key={path} path={path} />
          ))}
        </div>
      )}
      {GROUPS.map((g) => ({ ...g, fields: g.fields.filter((f) => has(f.path)) }))
        .filter((g) => g.fields.length > 0)
        .map((g) => (
          <section key={g.id} className="found-group" aria-label={g.title}>
            <h3>{g.title}</h3>
            <div className="rows">
              {g.fields.map((f) => (
                <FieldRow key={f.path} path={f.path} />
              ))}
            </div>
          </section>
        ))}
    </>
  );
}

/** Seed, steps, mix and all groups; the method's own come first, the first of them open. */
function Everything({ changed }: { changed: ReadonlySet<string> }) {
  const presets = useLab((s) => s.presets);
  const [toggled, setToggled] = useState<Readonly<Record<string, boolean>>>({});
  const parts = useMemo(() => sections(presetConfig(presets)), [presets]);
  const first = parts.own[0]?.id;
  const isOpen = (id: string) => toggled[id] ?? id === first;
  const toggle = useCallback((id: string) => setToggled((old) => ({ ...old, [id]: !(old[id] ?? id === first) })), [first]);
  const method = chosen(presets, 'method')?.label ?? 'this method';
  const list = (title: string, groups: readonly Group[]) =>
    groups.length > 0 && (
      <div className="part">
        <h3>{title}</h3>
        {groups.map((g) => (
          <FieldGroup
            key={g.id}
            group={g}
            open={isOpen(g.id)}
            changed={g.fields.filter((f) => changed.has(f.path)).length}
            onToggle={toggle}
          />
        ))}
      </div>
    );
  return (
    <>
      <div className="rows">
        {TOP.map((path) => (
          <FieldRow key={path} path={path} />
        ))}
      </div>
      {list(`What makes ${method}`, parts.own)}
      {list('In every method', parts.common)}
      {list(`Not part of ${method}`, parts.unused)}
    </>
  );
}
