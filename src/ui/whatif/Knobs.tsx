import { useId, useState } from 'react';
import { chosen } from '../../store/changes';
import { isUnchanged, MAX_VARIANTS, type Settings, UNCHANGED, VARIANT_NAMES, withMethod } from '../../store/variants';
import { addVariant, dropVariant, setVariant } from '../../store/whatif';
import { Fault } from '../Fault';
import { MethodSelect } from '../fields/MethodSelect';
import { useAttempt } from '../fields/useField';
import { Hint } from '../Hint';
import { Panel } from '../Panel';
import { useLab } from '../useLab';
import { Knob } from './Knob';
import { differsText, notesOf } from './notes';
import { questionsOf } from './questions';
import { type Tried, useFrozen, useRunSettings, useTried } from './useVariants';
import { VariantTag } from './VariantTag';

const GROUPS: readonly { title: string; paths: readonly string[] }[] = [
  { title: 'Contrastive loss', paths: ['contrast.lambda', 'contrast.tau', 'contrast.beta', 'contrast.gamma'] },
  { title: 'Clip', paths: ['objective.clipLow', 'objective.clipHigh', 'objective.dualClip'] },
  { title: 'Update', paths: ['rollout.group', 'optimizer.lr', 'surgery.granularity'] },
];

const HINT =
  'Settings that the next step is tried with, on the frozen batch, while the run itself stays as it is. The mark on each slider is the run’s value.';

interface Props {
  run: Settings;
  index: number;
  tried: Tried;
}

function Method({ run, index, tried: { variant, settings } }: Props) {
  const [fault, attempt] = useAttempt();
  const now = chosen((settings ?? run).presets, 'method');
  const own = chosen(run.presets, 'method');
  return (
    <div className="row">
      <div className="row-line">
        <span className="row-name">
          <Hint text="How the policy learns. The run’s own changes to single fields stay.">Method</Hint>
        </span>
        <MethodSelect
          label="Method tried"
          value={now?.name}
          choose={(name) => attempt(() => setVariant(index, withMethod(run, variant, name)))}
          note={(p) => (p === own ? ' (run)' : '')}
        />
      </div>
      <Fault text={fault} />
    </div>
  );
}

function Questions({ run, index }: Omit<Props, 'tried'>) {
  const id = useId();
  return (
    <div className="chips questions">
      {questionsOf(run.config).map(({ text, hint, variant }) => (
        <button
          key={text}
          type="button"
          className="chip"
          title={hint}
          aria-label={`What if ${text}`}
          aria-describedby={`${id}${text}`}
          onClick={() => setVariant(index, variant)}
        >
          {text}
          <span id={`${id}${text}`} hidden>
            {hint}
          </span>
        </button>
      ))}
    </div>
  );
}

/** What differs from the run, and what to know about it. */
function Differs({ run, index, tried: { settings, fault } }: Props) {
  const { frozen, current } = useFrozen();
  const steps = useLab((s) => s.step);
  if (fault)
    return (
      <p className="fault" role="alert">
        {VARIANT_NAMES[index]} does not fit this run: {fault}
      </p>
    );
  if (!settings) return null;
  const words = differsText(run, settings);
  const held = current ? (frozen?.result.variants[index]?.held ?? []) : [];
  const notes = words ? notesOf(run.config, settings.config, held, steps * run.config.rollout.miniBatches) : [];
  return (
    <>
      <p className="help differs" data-testid="differs">
        {words ? (
          <>
            <b>{VARIANT_NAMES[index]} differs:</b> {words}
          </>
        ) : (
          `${VARIANT_NAMES[index]} is the run itself: move something, or press a question.`
        )}
      </p>
      {notes.map((note) => (
        <p key={note} className="help note-line">
          {note}
        </p>
      ))}
    </>
  );
}

function Tabs({ shown, show, count }: { shown: number; show(index: number): void; count: number }) {
  return (
    <div className="variant-tabs">
      {count > 1 && (
        <fieldset className="segments small" aria-label="Variant">
          {VARIANT_NAMES.slice(0, count).map((name, i) => (
            <label key={name}>
              <input type="radio" name="variant" checked={shown === i} onChange={() => show(i)} />
              <span>
                <VariantTag column={{ name, variant: i }} />
              </span>
            </label>
          ))}
        </fieldset>
      )}
      {count < MAX_VARIANTS ? (
        <button
          type="button"
          className="text quiet"
          onClick={() => {
            addVariant();
            show(count);
          }}
        >
          Compare with a second variant
        </button>
      ) : (
        <button
          type="button"
          className="text quiet"
          onClick={() => {
            dropVariant(shown);
            show(0);
          }}
        >
          Remove {VARIANT_NAMES[shown]}
        </button>
      )}
    </div>
  );
}

/** What is tried, and the step itself. */
export function Knobs() {
  const run = useRunSettings();
  const all = useTried(run);
  const [wish, show] = useState(0);
  const index = Math.min(wish, all.length - 1);
  const tried = all[index];
  const props = { run, index, tried };
  return (
    <Panel
      name="knobs"
      title="What if"
      hint={HINT}
      figure={false}
      aside={
        !isUnchanged(tried.variant) && (
          <button type="button" className="text quiet" onClick={() => setVariant(index, UNCHANGED)}>
            Reset {all.length > 1 ? VARIANT_NAMES[index] : 'all'}
          </button>
        )
      }
    >
      <div className="fields">
        <Questions run={run} index={index} />
        <Tabs shown={index} show={show} count={all.length} />
        <div className="rows" key={index}>
          <Method {...props} />
          {GROUPS.map(({ title, paths }) => (
            <fieldset key={title} className="knob-group">
              <legend>{title}</legend>
              {paths.map((path) => (
                <Knob key={path} path={path} {...props} />
              ))}
            </fieldset>
          ))}
        </div>
        <Differs {...props} />
      </div>
    </Panel>
  );
}
