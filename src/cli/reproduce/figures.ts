import { DOMAINS } from '../../tasks/registry';
import { sizeNotes } from './sizes';
import { method } from './table1';
import type { Claim, Column, Curve, Experiment, Size, Variant } from './types';

const plain = (id: string, label: string): Column => ({ id, label, unit: 'plain' });
const labelOf = (id: string) => DOMAINS.find((d) => d.id === id)?.label ?? id;
const curve = (metric: string, label: string, paper: Curve['paper'] = null, direction: Curve['direction'] = 0): Curve => ({
  metric,
  label,
  paper,
  direction: paper ? (paper[1] > paper[0] ? 1 : -1) : direction,
});
const distance = (a: string, b: string, direction: Curve['direction']) =>
  curve(`distance/${a}/${b}`, `${labelOf(a)}–${labelOf(b)} distance`, null, direction);

/** Curves of Figure 3 (method.md 9) with the values that the paper's text gives, then the losses it does not plot. */
export const FIGURE_3: readonly Curve[] = [
  curve('pool/positivesPer4', 'Positives per 4 rollouts', [1.7, 2.3]),
  curve('pool/positiveRatio', 'Positive ratio', [0.47, 0.6]),
  curve('weight/cross', 'Cross-domain weight', [0.75, 0.88]),
  curve('logit/crossPositive', 'Cross-positive logit', [6.0, 8.8]),
  curve('logit/negative', 'Negative logit', [2.0, 1.1]),
  curve('logit/margin', 'Margin', [4.0, 7.6]),
  curve('loss/attraction', 'Attraction loss', null, -1),
  curve('loss/separation', 'Separation loss', null, -1),
  distance('math', 'science', -1),
  distance('toolUse', 'safety', 1),
  curve('reward/generated', 'Mean reward, generated'),
  curve('reward/mean', 'Mean reward, trained on'),
  curve('policy/entropy', 'Policy entropy'),
  curve('loss/cross', 'Cross-domain loss (9)'),
  curve('loss/inDomain', 'In-domain loss (10)'),
  curve('loss/contrastive', 'Contrastive loss (11)'),
  curve('logit/inDomainPositive', 'In-domain positive logit'),
  curve('embedding/rank', 'Effective rank'),
];

/** Figure 3: the contrastive pool, the geometry and the exploration over training. */
export function figure3(size: Size): Experiment {
  const variants: Variant[] = [
    { ...method('mcpo-dapo', 'dapo'), paper: {}, second: {} },
    {
      id: 'dapo',
      label: 'DAPO',
      presets: ['dapo'],
      changes: { contrast: { lambda: 0.1, backbone: false } },
    },
  ];
  const trends = FIGURE_3.filter((c) => c.direction !== 0).map(({ metric, label, paper, direction }): Claim => {
    const [from, to] = paper ?? [null, null];
    return {
      text: `${label}: ${direction > 0 ? 'rises' : 'falls'} over training with MCPO-DAPO.`,
      contrast: { 'mcpo-dapo': 1 },
      column: `${metric}:change`,
      sign: direction as 1 | -1,
      paper: from === null || to === null ? null : Math.round(100 * (to - from)) / 100,
      second: null,
    };
  });
  const higher = (metric: string, text: string): Claim => ({
    text,
    contrast: { 'mcpo-dapo': 1, dapo: -1 },
    column: `${metric}:mean`,
    sign: 1,
    paper: null,
    second: null,
  });
  const whole = FIGURE_3.filter((c) => ['reward/generated', 'policy/entropy'].includes(c.metric));
  return {
    id: 'figure3',
    title: 'Figure 3: pool, representation and exploration over training',
    columns: [
      ...FIGURE_3.flatMap(({ metric, label }) => [
        plain(`${metric}:start`, `${label}, start`),
        plain(`${metric}:end`, `${label}, end`),
        plain(`${metric}:change`, `${label}, change`),
      ]),
      ...whole.map(({ metric, label }) => plain(`${metric}:mean`, `${label}, whole run`)),
      plain('probe/auc', 'Correctness probe, AUC'),
    ],
    panels: [],
    variants,
    claims: [
      ...trends,
      higher('reward/generated', 'MCPO-DAPO keeps a higher average reward than DAPO over training.'),
      higher('policy/entropy', 'MCPO-DAPO keeps a higher policy entropy than DAPO over training.'),
    ],
    curves: FIGURE_3,
    backbones: ['Qwen3-8B'],
    states: false,
    notes: [
      'Start and end are means over the first and the last tenth of the steps; changes are tested run by run against 0. The paper’s values were read off its text ("from about … to …").',
      'DAPO carries a projection head that is trained beside it but never reaches the policy, so that its curves can be read too: what both methods share is not MCPO’s doing.',
      'Dynamic sampling leaves only groups with right and wrong rollouts in the pool, so its positive ratio is the filter’s doing as much as the policy’s; the mean reward of all generated rollouts is not.',
      'The average number of correct positives is taken per 4 rollouts, which fits the paper’s numbers best; it is then the positive ratio times 4, so the two claims are one.',
      'The correctness probe tells how well a linear read-out of the policy’s pooled states separates right from wrong held-out responses, cross-validated: the margin can grow no more than the states allow.',
      ...sizeNotes(size),
    ],
  };
}

/** Figure 4: geometry of held-out responses' mean hidden states. */
export function figure4(size: Size): Experiment {
  const unpaired = method('grpo');
  const variants = [
    unpaired,
    method('dapo', 'grpo'),
    method('clipo', 'grpo'),
    method('mgs', 'grpo'),
    method('mt-grpo', 'grpo'),
    method('mcpo-dapo', 'dapo'),
  ].map((v): Variant => ({ ...v, paper: {}, second: {} }));
  const claim = (a: string, b: string, column: string, sign: 1 | -1, text: string): Claim => ({
    text,
    contrast: { [a]: 1, [b]: -1 },
    column,
    sign,
    paper: null,
    second: null,
  });
  const label = (id: string) => variants.find((v) => v.id === id)?.label;
  const against = (b: string, column: string, sign: 1 | -1, what: string) =>
    claim('mcpo-dapo', b, column, sign, `${what} under MCPO-DAPO than under ${label(b)}.`);
  return {
    id: 'figure4',
    title: 'Figure 4: hidden states of held-out responses',
    columns: [
      plain('states/math/science', 'Math–Science distance'),
      plain('states/toolUse/safety', 'ToolUse–Safety distance'),
      plain('states/spread', 'Spread within domains'),
      plain('states/purity', 'Neighbour purity'),
      plain('probe/auc', 'Correctness probe, AUC'),
    ],
    panels: [],
    variants,
    claims: [
      ...['mgs', 'mt-grpo'].map((b) => against(b, 'states/math/science', -1, 'Math and Science lie closer')),
      ...['grpo', 'dapo'].map((b) => against(b, 'states/toolUse/safety', 1, 'ToolUse and Safety lie further apart')),
      ...['grpo', 'dapo'].map((b) => against(b, 'states/spread', -1, 'Domains are more compact')),
      ...['grpo', 'dapo'].map((b) => against(b, 'states/purity', 1, 'Nearest neighbours are more often of the same domain')),
      claim(
        'clipo',
        'mcpo-dapo',
        'states/spread',
        -1,
        'CLIPO’s contrast leads to domains that are more compact than under MCPO-DAPO ("overly compact regions").',
      ),
    ],
    curves: [],
    backbones: ['Qwen3-8B'],
    states: true,
    notes: [
      'A point is the mean hidden state of one held-out response, brought to length 1. Distances, spread and purity are measured in the full space, over all seeds; the maps show the first seed.',
      'Distance: 1 − cosine of two domains’ mean states. Spread: mean of 1 − cosine between a response and its domain’s mean state. Purity: share of a response’s 10 nearest neighbours that are of its domain.',
      'The paper shows pictures only and says which regions look close, loose or compact; the claims are our reading of its words. A map of t-SNE keeps neighbourhoods, not distances.',
      ...sizeNotes(size),
    ],
  };
}
