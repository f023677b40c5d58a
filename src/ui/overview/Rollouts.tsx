import { frameAt } from '../../store/film';
import { lab } from '../../store/lab';
import { select, selectAt, setHighlight, setOption, show } from '../../store/look';
import { type Frame, type Highlight, shownStep } from '../../store/state';
import { DomainMark } from '../DomainMark';
import { signed } from '../format';
import { frameNames } from '../geometry/source';
import { Hint } from '../Hint';
import { LaneMark } from '../LaneMark';
import { Empty, Panel } from '../Panel';
import { useFocused, useFocusedLane, useLab, useNoPool } from '../useLab';
import './rollouts.css';

const TITLE_HINT =
  'A rollout is one response that the policy sampled for a prompt. Some of the batch, spread over its prompts. <eos> is the token that ends a response. Press a prompt to inspect its rollout.';
const ADVANTAGE_HINT =
  'How much better than its group (the other rollouts of the same prompt) a rollout did: it is made more likely above zero, less likely below.';
const VERDICT_HINT = 'What the domain’s verifier says about the response, and why.';

/** `count` rows spread over n. */
const spreadRows = (n: number, count: number): number[] =>
  Array.from({ length: Math.min(n, count) }, (_, k) => Math.floor(((k + 0.5) * n) / Math.min(n, count)));

/** Whether the pointer is on this rollout, on its prompt or on its domain, wherever on the page. */
const isLit = ({ rollout, prompt, domain }: Highlight, frame: Frame, row: number): boolean =>
  rollout !== undefined ? rollout === row : prompt !== undefined ? prompt === frame.prompt[row] : domain === frame.domain[row];

/** `count` rollouts of the shown step. */
export function Rollouts({ count = 10 }: { count?: number }) {
  const frame = useLab((s) => frameAt(s.film, shownStep(s)));
  const domains = useLab((s) => s.domains);
  const vocabulary = useLab((s) => s.vocabulary);
  const lit = useLab((s) => s.highlight);
  const many = useLab((s) => s.lanes.length > 1);
  const { lane } = useFocused();
  const { label } = useFocusedLane();
  const aside = frame && (
    <span>
      {many && (
        <>
          <LaneMark lane={lane} /> {label},{' '}
        </>
      )}
      step <b>{frame.step}</b>
    </span>
  );
  const text = (row: number) => {
    if (!frame?.response || !frame.length) return '';
    const start = row * frame.responseLength;
    return Array.from(frame.response.subarray(start, start + frame.length[row]), (t) => vocabulary[t]).join(' ');
  };
  const inspect = (row: number) => {
    setOption('geometry.source', 'pool');
    if (frame && lab.getState().status === 'training') selectAt(frame.step, row);
    else select(row);
    show('rollouts');
  };
  const nothing = useNoPool('Press Play: rollouts show with the first steps.');
  const figure =
    frame &&
    (async () => {
      const { rolloutsFigure } = await import('../rolloutsFigure');
      return rolloutsFigure(
        `Rollouts, step ${frame.step}`,
        frame,
        spreadRows(frame.n, count),
        frameNames(frame, domains),
        vocabulary,
      );
    });
  return (
    <Panel name="rollouts" title="Rollouts" hint={TITLE_HINT} aside={aside} figure={figure ?? false}>
      {!frame && <Empty>{nothing}</Empty>}
      {frame && (
        <table>
          <thead>
            <tr>
              <th scope="col">Task</th>
              <th scope="col">Prompt</th>
              <th scope="col">Response</th>
              <th scope="col">
                <Hint text={VERDICT_HINT}>Verdict</Hint>
              </th>
              <th scope="col" className="right">
                <Hint text={ADVANTAGE_HINT}>Advantage</Hint>
              </th>
            </tr>
          </thead>
          <tbody>
            {spreadRows(frame.n, count).map((row, i) => {
              const correct = frame.reward[row] > 0.5;
              const prompt = frame.promptText[frame.prompt[row]];
              return (
                <tr
                  // biome-ignore lint/suspicious/noArrayIndexKey: fixed places
                  key={i}
                  className={isLit(lit, frame, row) ? 'lit' : ''}
                  onPointerEnter={() => setHighlight({ domain: frame.domain[row], prompt: frame.prompt[row], rollout: row })}
                  onPointerLeave={() => setHighlight({})}
                >
                  <td className="task" title={domains[frame.domain[row]]?.label}>
                    <DomainMark domain={frame.domain[row]} open={!correct} /> {frame.columns[frame.column[row]]}
                  </td>
                  <td className="code prompt" title={prompt}>
                    <button type="button" className="text plain" onClick={() => inspect(row)}>
                      {prompt}
                    </button>
                  </td>
                  <td className="code response" title={text(row)}>
                    {text(row) || '(empty)'}
                  </td>
                  <td className="verdict" title={frame.reason[row]}>
                    <b>{correct ? 'correct' : 'wrong'}</b> <span className="reason">{frame.reason[row]}</span>
                  </td>
                  <td className="right advantage">{frame.advantage ? signed(frame.advantage[row], 2) : '–'}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </Panel>
  );
}
