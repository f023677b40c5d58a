import { memo, useMemo } from 'react';
import { fixed, signed } from '../format';
import { Empty, Panel } from '../Panel';
import { Check } from './AdvantagePanel';
import { ClipPlot } from './ClipPlot';
import { clipFigure } from './clipCurve';
import { branchWords, tokenObjective } from './objective';
import { tokenFacts } from './shade';
import { Tex } from './Tex';
import { objectiveRule, objectiveTex, ratioTex } from './tex';
import type { Inspected } from './useInspector';

const HINT =
  'Equation (3): the loss of one token. Its ratio may move within the clip range only; beyond, the gradient stops, so that one batch cannot pull the policy too far. The term that wins is underlined.';

/** The objective (3) of one token with its numbers filled in, and as a curve of the ratio. */
export const ObjectivePanel = memo(function ObjectivePanel({ inspected, t }: { inspected: Inspected; t: number }) {
  const { frame, row, clip, config } = inspected;
  const facts = useMemo(
    () => (t < (frame.length?.[row] ?? 0) ? tokenFacts(frame, row, t, inspected) : null),
    [frame, row, t, inspected],
  );
  const tokens = useMemo(() => frame.length?.reduce((sum, l) => sum + l, 0) ?? 0, [frame]);
  const title = facts ? `Objective of token ${t + 1}` : 'Objective of a token';
  const aside = facts && <span className="code chosen">{facts.text}</span>;
  if (!facts || !frame.advantage)
    return (
      <Panel name="one-token" title={title} hint={HINT} figure={false}>
        <Empty>
          {frame.tokens
            ? 'This response is empty: it has no tokens to train.'
            : 'Only rollouts that were trained on have a token objective. Choose the training pool.'}
        </Empty>
      </Panel>
    );
  const advantage = frame.advantage[row];
  const objective = tokenObjective(advantage, facts.ratio, clip);
  const token = { advantage, ratio: facts.ratio, clip, loss: objective.loss };
  return (
    <Panel name="one-token" title={title} hint={HINT} aside={aside} figure={() => clipFigure(`${title}: ${facts.text}`, token)}>
      <p className="verdict-line">{branchWords(advantage, objective)}</p>
      <ClipPlot token={token} />
      <div className="formulas">
        <Tex>{objectiveRule(objective.dual !== null)}</Tex>
        <Tex>{ratioTex(facts.logp, facts.ratio)}</Tex>
        {objectiveTex(advantage, facts.ratio, clip, objective).map((tex, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of one formula
          <Tex key={i}>{tex}</Tex>
        ))}
      </div>
      <p className="words">
        One of {tokens} tokens in the mean: {signed(objective.loss / Math.max(1, tokens), 6)} of the policy loss
        {config.objective.entropy > 0 && `, and ${fixed(config.objective.entropy, 4)} × its entropy is taken off`}.
      </p>
      <Check what="Objective" here={objective.loss} engine={facts.objective} />
    </Panel>
  );
});
