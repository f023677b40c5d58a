import { useEffect, useId, useRef, useState } from 'react';
import { field } from '../../config/fields';
import { type Glance, type RunRecord, sizeText } from '../../store/glances';
import { attempt, commonSteps, describe } from '../../store/kept';
import { whole } from '../format';
import { Hint } from '../Hint';
import { LaneMark } from '../LaneMark';
import { type Difference, long } from '../shell/differs';
import { branch, openRun, remove, rollBack } from './actions';
import { TagField } from './TagField';
import { madeOf } from './table';
import { useLibrary } from './useLibrary';
import { exactly } from './when';
import './runDetail.css';

const COLORS = [0, 1, 2, 3, 4, 5, 6, 7];

/** What people wrote about a run; it is taken when the field is left. */
function Notes({ id, notes }: { id: string; notes: string }) {
  const key = useId();
  return (
    <label className="notes" htmlFor={key}>
      <span className="quiet">Notes</span>
      <textarea
        id={key}
        key={notes}
        defaultValue={notes}
        rows={4}
        maxLength={20_000}
        placeholder="What was tried here, and what came of it"
        onBlur={(e) => {
          const text = e.target.value;
          if (text !== notes) void attempt('The notes stay as they are', () => describe(id, { notes: text }));
        }}
      />
    </label>
  );
}

function Color({ run }: { run: RunRecord }) {
  return (
    <fieldset className="colors">
      <legend className="quiet">Colour</legend>
      {COLORS.map((color) => (
        <label key={color} title={`Colour and dash ${color + 1}`}>
          <input
            type="radio"
            name={`color-${run.id}`}
            aria-label={`Colour and dash ${color + 1}`}
            checked={run.color % COLORS.length === color}
            onChange={() => void attempt('The colour stays as it is', () => describe(run.id, { color }))}
          />
          <LaneMark lane={color} />
        </label>
      ))}
    </fieldset>
  );
}

function checkpointText({ checkpoints, bytes }: Glance): string {
  const n = checkpoints.length;
  return n ? `${n} checkpoint${n === 1 ? '' : 's'} ${sizeText(bytes.checkpoints)}` : 'no checkpoint';
}

interface TravelProps {
  run: RunRecord;
  mates: readonly RunRecord[];
  glance: Glance | null;
  elsewhere: boolean;
}

/** Steps with a checkpoint, and what can be done from them. */
function Travel({ run, mates, glance, elsewhere }: TravelProps) {
  const [common, setCommon] = useState<readonly number[]>([]);
  const own = glance?.checkpoints.map((c) => c.step) ?? [];
  const steps = own.join();
  const fleet = mates.map((m) => m.id).join();
  const latest = useRef(mates);
  latest.current = mates;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the list of mates is made anew with every step, `fleet` and `steps` say when it counts
  useEffect(() => {
    let over = false;
    commonSteps(latest.current).then(
      (found) => !over && setCommon(found),
      () => undefined,
    );
    return () => {
      over = true;
    };
  }, [steps, fleet]);
  const [chosen, setChosen] = useState<number | null>(null);
  if (!own.length)
    return <p className="quiet">No checkpoint is kept: the run can be looked at and compared, but not trained on or branched.</p>;
  const step = chosen !== null && own.includes(chosen) ? chosen : own[own.length - 1];
  const together = mates.length > 1 ? `all ${mates.length} runs of its fleet` : 'the run';
  const back = common.includes(step) && step < run.step;
  return (
    <div className="travel">
      <label>
        <Hint text="Checkpoints are kept every few seconds of training and whenever it stops; older ones thin out.">
          Checkpoint
        </Hint>{' '}
        <select
          className="choice"
          aria-label={`Checkpoint of ${run.name}`}
          value={step}
          onChange={(e) => setChosen(Number(e.target.value))}
        >
          {[...own].reverse().map((s) => (
            <option key={s} value={s}>
              step {whole(s)}
            </option>
          ))}
        </select>
      </label>
      <button type="button" title="A new run that begins there; this one stays as it is" onClick={() => void branch(run, step)}>
        Branch from step {whole(step)}
      </button>
      <button
        type="button"
        disabled={!back || elsewhere}
        title={
          back
            ? `Takes ${together} back; Undo brings the later steps back`
            : 'There is nothing after this step that the whole fleet could go back from'
        }
        onClick={() => void rollBack(run, step)}
      >
        Roll back to step {whole(step)}
      </button>
    </div>
  );
}

interface Props extends TravelProps {
  differences: readonly Difference[];
  /** Tags of other runs. */
  known: readonly string[];
}

/** Everything about a run: notes, tags, colour, where it came from, its checkpoints. */
export function RunDetail({ run, mates, differences, glance, elsewhere, known }: Props) {
  const parent = useLibrary((s) => s.records?.find((r) => r.id === run.parent?.run)?.name);
  const onPage = useLibrary((s) => s.fleet === run.fleet);
  const { backend, adapter, version, config } = run;
  return (
    <div className="run-detail">
      <div className="words">
        <Notes id={run.id} notes={run.notes} />
        <div className="tag-line">
          <span className="quiet">Tags</span>
          <TagField id={run.id} tags={run.tags} known={known} />
        </div>
        <Color run={run} />
      </div>
      <div className="facts-of">
        <dl>
          <div>
            <dt>Trained</dt>
            <dd>
              {madeOf(run)}, seed {config.seed}
              {backend && `, ${backend === 'webgpu' ? 'WebGPU' : 'CPU'}${adapter && adapter !== 'CPU' ? ` (${adapter})` : ''}`}
              {version && `, version ${version}`}
            </dd>
          </div>
          <div>
            <dt>Begun</dt>
            <dd>{exactly(run.created)}</dd>
          </div>
          {run.parent && (
            <div>
              <dt>Branch of</dt>
              <dd>
                {parent ? `"${parent}"` : 'a run that is not here any more'} from step {whole(run.parent.step)}
              </dd>
            </div>
          )}
          {glance && (
            <div>
              <dt>Storage</dt>
              <dd>
                {checkpointText(glance)}, steps about {sizeText(glance.bytes.steps)}
              </dd>
            </div>
          )}
          {differences.length > 0 && (
            <div>
              <dt>Differs</dt>
              <dd>
                {differences.map((d, i) => (
                  <span key={d.path}>
                    {i > 0 && ' · '}
                    <Hint text={`${d.path}. ${field(d.path).help}`}>{long(d)}</Hint>
                  </span>
                ))}
              </dd>
            </div>
          )}
        </dl>
        <Travel run={run} mates={mates} glance={glance} elsewhere={elsewhere} />
        <div className="row-acts">
          {!onPage && (
            <button type="button" disabled={elsewhere} onClick={() => void openRun(run)}>
              {glance?.checkpoints.length ? (mates.length > 1 ? 'Resume its fleet' : 'Resume') : 'Open'}
            </button>
          )}
          <button type="button" disabled={elsewhere} onClick={() => void remove([run])}>
            Delete
          </button>
        </div>
      </div>
    </div>
  );
}
