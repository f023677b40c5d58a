import { DomainMark } from './DomainMark';
import { signed } from './format';
import { Hint } from './Hint';
import { Empty, Panel } from './Panel';
import { useLab } from './useLab';

const TITLE_HINT =
  'A rollout is one response that the policy sampled for a prompt. Ten of the current batch, spread over its prompts. <eos> is the token that ends a response.';
const ADVANTAGE_HINT =
  'How much better than its group (the other rollouts of the same prompt) a rollout did: it is made more likely above zero, less likely below.';
const VERDICT_HINT = 'What the domain’s verifier says about the response, and why.';

export function Rollouts() {
  const picture = useLab((s) => s.picture);
  const domains = useLab((s) => s.domains);
  const aside = picture && (
    <span>
      step <b>{picture.step}</b>
    </span>
  );
  return (
    <Panel name="rollouts" title="Rollouts" hint={TITLE_HINT} aside={aside}>
      {!picture && <Empty>Press Play: ten rollouts show with the first steps.</Empty>}
      {picture && (
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
            {picture.rollouts.map((r, i) => {
              const domain = domains.findIndex((d) => d.id === r.domain);
              return (
                // biome-ignore lint/suspicious/noArrayIndexKey: ten fixed places
                <tr key={i}>
                  <td className="task" title={domains[domain]?.label}>
                    <DomainMark domain={domain} open={!r.correct} /> {r.column}
                  </td>
                  <td className="code prompt" title={r.prompt}>
                    {r.prompt}
                  </td>
                  <td className="code response">{r.response || '(empty)'}</td>
                  <td className="verdict" title={r.reason}>
                    <b>{r.correct ? 'correct' : 'wrong'}</b> <span className="reason">{r.reason}</span>
                  </td>
                  <td className="right advantage">{signed(r.advantage, 2)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </Panel>
  );
}
