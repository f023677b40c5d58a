import { fixed, signed } from '../format';
import { Hint } from '../Hint';
import { type TokenFacts, type TokenPlace, tokenFacts } from './shade';
import type { Inspected } from './useInspector';

const HINTS = {
  probability: 'Chance of the token when it was sampled, at the sampling temperature.',
  logp: 'Natural logarithm of the probability: what the objective compares.',
  entropy: 'How undecided the policy is at this place, in nats: 0 is sure, ln V is any token alike.',
  ratio: 'The token’s probability at the last update over that when it was sampled: ρ in (3).',
  clip: 'Whether the ratio has left the clip range, and whether that stops the token’s gradient.',
  objective: 'The token’s loss ℓ in (3): below 0 the token is made more likely, above 0 less likely.',
};

function clipWords({ side, stopped }: TokenFacts): string {
  if (side === 'within') return stopped ? 'stopped' : 'within';
  return `${side}, ${stopped ? 'stopped' : 'goes on'}`;
}

/** The numbers of one token. */
export function ReadOut({ inspected, place: { row, t } }: { inspected: Inspected; place: TokenPlace }) {
  const { frame, group } = inspected;
  const facts = t < (frame.length?.[row] ?? 0) ? tokenFacts(frame, row, t, inspected) : null;
  const entries: [keyof typeof HINTS, string, string][] = [
    ['probability', 'Probability', facts ? fixed(facts.probability, 4) : '–'],
    ['logp', 'Log-prob.', facts ? fixed(facts.logp, 4) : '–'],
    ['entropy', 'Entropy', facts ? fixed(facts.entropy, 3) : '–'],
    ['ratio', 'Ratio', facts ? fixed(facts.ratio, 4) : '–'],
    ['clip', 'Clip', facts ? clipWords(facts) : '–'],
    ['objective', 'Objective', facts ? signed(facts.objective, 4) : '–'],
  ];
  return (
    <dl className="read-out">
      <div className="which">
        <dt>
          Token {t + 1} of response {row - group.first + 1}
        </dt>
        <dd className="code">{facts?.text ?? '–'}</dd>
      </div>
      {entries.map(([name, label, value]) => (
        <div key={name}>
          <dt>
            <Hint text={HINTS[name]}>{label}</Hint>
          </dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
