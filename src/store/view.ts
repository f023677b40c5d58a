import { UNCHANGED, type Variant } from './variants';

/** The page's views, in the order of their tabs. */
export const VIEWS = ['overview', 'logits', 'geometry', 'rollouts', 'whatif', 'interference', 'sweep', 'runs'] as const;
/** One of VIEWS. */
export type ViewName = (typeof VIEWS)[number];

/** Parts that a link may hide. */
export const PARTS = ['fields', 'transport', 'tabs', 'header'] as const;
/** One of PARTS. */
export type Part = (typeof PARTS)[number];

/** Choices of the views; the first is the default. Links carry those that differ. */
export const OPTIONS = {
  'curves.axis': ['linear', 'log'],
  'curves.smooth': ['10', '0', '3', '30', '100'],
  'curves.split': ['together', 'domains'],
  'logits.show': ['curves', 'histogram'],
  'logits.matrix': ['logit', 'centred'],
  'logits.domains': ['distance', 'weight'],
  'geometry.source': ['pool', 'heldOut', 'file'],
  'geometry.method': ['pca', 'tsne', 'umap'],
  'geometry.dimensions': ['2', '3'],
  'geometry.color': ['domain', 'correct', 'advantage', 'column'],
  'geometry.show': ['all', 'correct', 'wrong'],
  'geometry.links': ['off', 'on'],
  'geometry.means': ['on', 'off'],
  'geometry.trails': ['off', 'on'],
  'geometry.perplexity': ['auto', '5', '10', '30', '50'],
  'geometry.neighbours': ['15', '5', '30', '50'],
  'rollouts.shade': ['probability', 'entropy', 'ratio', 'objective'],
  'rollouts.values': ['off', 'on'],
  'rollouts.groups': ['all', 'mixed'],
  'whatif.matrix': ['a', 'run', 'b', 'a-run', 'b-run'],
  'interference.block': ['all', 'embedding', 'attention', 'mlp', 'recurrent', 'output'],
  'interference.pair': ['0-1', '0-2', '0-3', '0-4', '1-2', '1-3', '1-4', '2-3', '2-4', '3-4'],
  'interference.against': ['prompts', 'steps'],
} as const;
/** Name of a choice. */
export type OptionName = keyof typeof OPTIONS;
/** One of a choice's options. */
export type OptionValue<K extends OptionName> = (typeof OPTIONS)[K][number];
/** Choices that differ from their defaults. */
export type ChosenOptions = { readonly [K in OptionName]?: OptionValue<K> };

/** Where the user looks: all of it goes into the link. */
export interface ViewState {
  view: ViewName;
  /** Step at which the charts' cursor is pinned; null: it follows the training. */
  at: number | null;
  /** Steps that the charts show; null: all. */
  zoom: readonly [number, number] | null;
  /** Place in the fleet of the run that single-run views show. */
  focus: number;
  /** Row of the selected rollout in the frame at hand. */
  selected: number | null;
  options: ChosenOptions;
  /** What the counterfactual step tries, one or two. */
  variants: readonly Variant[];
  /** Domains that the charts leave out, by id. */
  muted: readonly string[];
  /** Embedded in another page: no header, no left panel. */
  embed: boolean;
  hidden: readonly Part[];
}

/** What an empty link shows. */
export const DEFAULT_VIEW: ViewState = {
  view: 'overview',
  at: null,
  zoom: null,
  focus: 0,
  selected: null,
  options: {},
  variants: [UNCHANGED],
  muted: [],
  embed: false,
  hidden: [],
};

/** A choice as it stands. */
export const optionOf = <K extends OptionName>(view: Pick<ViewState, 'options'>, name: K): OptionValue<K> =>
  view.options[name] ?? OPTIONS[name][0];
