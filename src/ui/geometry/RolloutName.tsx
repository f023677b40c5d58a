import { DomainMark } from '../DomainMark';
import { useLab } from '../useLab';
import { rolloutWords } from './describe';
import type { Shared } from './shared';

/** The token that ends every response tells nothing in a list. */
const END = / ?<eos>$/;

/** A rollout as a button: its domain's shape, filled if correct, and its response. */
export function RolloutName({ shared: { frame, names, choose }, row }: { shared: Shared; row: number }) {
  const vocabulary = useLab((s) => s.vocabulary);
  const { domain, verdict, prompt, response } = rolloutWords(frame, row, names, vocabulary);
  return (
    <button
      type="button"
      className="text plain geo-name"
      title={`${domain}, ${verdict}: ${prompt} → ${response}`}
      aria-label={`Select ${domain} ${verdict} ${response}`}
      onClick={() => choose(row)}
    >
      <DomainMark domain={names.marks[frame.domain[row]]} open={verdict === 'wrong'} />{' '}
      <span className="code">{response.replace(END, '')}</span>
    </button>
  );
}
