import { ConfigError, FIELDS, getValue } from '../config/fields';
import { DEFAULT_PRESETS, fromUrlText, merged, nest, resolve, toUrlText } from '../config/resolve';
import type { Config, Layer } from '../config/schema';
import { domainIds } from '../host/catalog';
import { checkMix } from './changes';
import { type Experiment, lanesOf, MAX_RUNS, parseRace, parseSeeds, raceText } from './lanes';
import { parseVariants, variantsText } from './variants';
import { type ChosenOptions, DEFAULT_VIEW, OPTIONS, type OptionName, PARTS, VIEWS, type ViewState } from './view';

/** What a link describes; each faulty part is a sentence in `problems` and keeps its default. */
export interface Link {
  experiment: Experiment;
  view: ViewState;
  problems: string[];
}

const MAX_STEP = 1_000_000;
/** Longest link that is read, in characters: several times what every field and choice together need. */
const MAX_LINK = 32_000;
/** Most faults that are told one by one. */
const MAX_PROBLEMS = 30;
/** Longest sentence about a fault; its ends say what and why. */
const MAX_SENTENCE = 300;

function whole(key: string, text: string, max: number): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isInteger(value) || value < 0 || value > max)
    throw new ConfigError(`invalid ${key}: ${text || '(empty)'} (an integer from 0 to ${max})`);
  return value;
}

function oneOf<T extends string>(key: string, text: string, all: readonly T[]): T {
  const found = all.find((x) => x === text);
  if (found === undefined) throw new ConfigError(`invalid ${key}: ${text || '(empty)'} (one of ${all.join(', ')})`);
  return found;
}

const list = <T extends string>(key: string, text: string, all: readonly T[]): T[] => [
  ...new Set(
    text
      .split(',')
      .filter(Boolean)
      .map((word) => oneOf(key, word, all)),
  ),
];

/** Readers of the keys that are not fields of the configuration. */
const READERS: Record<string, (text: string, link: { experiment: Partial<Experiment>; view: ViewState }) => void> = {
  race: (text, { experiment }) => {
    experiment.race = parseRace(text);
  },
  seeds: (text, { experiment }) => {
    experiment.seeds = parseSeeds(text);
  },
  view: (text, { view }) => {
    view.view = oneOf('view', text, VIEWS);
  },
  at: (text, { view }) => {
    view.at = whole('at', text, MAX_STEP);
  },
  zoom: (text, { view }) => {
    const ends = text.split('-');
    const [from, to] = ends.map((x) => whole('zoom', x, MAX_STEP));
    if (ends.length !== 2 || to <= from) throw new ConfigError(`invalid zoom: ${text} (first and last step, as 10-50)`);
    view.zoom = [from, to];
  },
  focus: (text, { view }) => {
    view.focus = whole('focus', text, MAX_RUNS - 1);
  },
  select: (text, { view }) => {
    view.selected = whole('select', text, MAX_STEP);
  },
  whatif: (text, { view }) => {
    view.variants = parseVariants(text);
  },
  mute: (text, { view }) => {
    view.muted = list('mute', text, domainIds);
  },
  embed: (text, { view }) => {
    view.embed = oneOf('embed', text, ['1', '0']) === '1';
  },
  hide: (text, { view }) => {
    view.hidden = list('hide', text, PARTS);
  },
  ...Object.fromEntries(
    (Object.keys(OPTIONS) as OptionName[]).map((name) => [
      name,
      (text: string, { view }: { view: ViewState }) => {
        view.options = { ...view.options, [name]: oneOf<string>(name, text, OPTIONS[name]) } as ChosenOptions;
      },
    ]),
  ),
};

/** A link's words: those of the view, the others, and what is wrong with them as a whole. */
function wordsOf(text: string): { own: [string, string][]; rest: string[]; problems: string[] } {
  const body = text.replace(/^#/, '');
  if (body.length > MAX_LINK)
    return {
      own: [],
      rest: [],
      problems: [`the link is ${body.length} characters long (at most ${MAX_LINK}): nothing of it is used`],
    };
  const problems: string[] = [];
  const last = new Map<string, [string, string]>();
  for (const [i, word] of body.split('&').entries()) {
    const cut = word.indexOf('=');
    const key = cut < 0 ? word : word.slice(0, cut);
    if (key !== 'preset' && last.has(key) && key !== '') problems.push(`${key} is given twice: the last one counts`);
    last.set(key === 'preset' ? `preset ${i}` : key, [key, word]);
  }
  const own: [string, string][] = [];
  const rest: string[] = [];
  for (const [key, word] of last.values())
    if (Object.hasOwn(READERS, key)) own.push([key, word.slice(key.length + 1)]);
    else rest.push(word);
  return { own, rest, problems };
}

const MIXES = FIELDS.filter((f) => f.kind === 'text').map((f) => f.path);

/** @throws ConfigError naming a mix of domains that is none */
const checkMixes = (config: Config): void => MIXES.forEach((path) => void checkMix(path, String(getValue(config, path))));

/** The configuration with what the presets say in place of faulty mixes. */
function withGoodMixes(presets: readonly string[], config: Config, problems: string[]): Config {
  return MIXES.reduce((now, path) => {
    try {
      checkMix(path, String(getValue(now, path)));
      return now;
    } catch (error) {
      problems.push((error as Error).message);
      return merged(now, nest(path, getValue(resolve(presets), path)) as Layer);
    }
  }, config);
}

/** Sentences that fit a banner: long ones cut in their middle, and not hundreds of them. */
function tidied(problems: readonly string[]): string[] {
  const short = problems
    .slice(0, MAX_PROBLEMS)
    // What helps on a command line.
    .map((p) => p.replace(' (see `mcpo-lab help fields`)', ''))
    .map((p) => (p.length > MAX_SENTENCE ? `${p.slice(0, MAX_SENTENCE / 2)} … ${p.slice(-MAX_SENTENCE / 3)}` : p));
  return problems.length > MAX_PROBLEMS ? [...short, `and ${problems.length - MAX_PROBLEMS} more`] : short;
}

/** Reads a URL's fragment. Bad parts are named in `problems`, never ignored. */
export function readLink(text: string): Link {
  const { own, rest, problems } = wordsOf(text);
  const read = fromUrlText(rest.join('&'));
  problems.push(...read.problems);
  const { presets } = read;
  const config = withGoodMixes(presets, read.config, problems);
  const link = { experiment: { presets, config, race: null, seeds: 1 } as Experiment, view: { ...DEFAULT_VIEW } };
  for (const [key, raw] of own) {
    try {
      READERS[key](decode(key, raw), link);
    } catch (error) {
      problems.push((error as Error).message);
    }
  }
  try {
    const lanes = lanesOf(link.experiment);
    for (const lane of lanes) checkMixes(lane.config);
    const runs = lanes.length * link.experiment.seeds;
    if (link.view.focus >= runs) {
      problems.push(`invalid focus: ${link.view.focus} (0 to ${runs - 1})`);
      link.view.focus = 0;
    }
  } catch (error) {
    problems.push((error as Error).message);
    link.experiment = { ...link.experiment, race: null };
    link.view.focus = 0;
  }
  return { ...link, problems: tidied(problems) };
}

function decode(key: string, raw: string): string {
  try {
    return decodeURIComponent(raw);
  } catch {
    throw new ConfigError(`invalid ${key}: ${raw} (not a URL text)`);
  }
}

/** Fragment that describes experiment and view; only what differs from the defaults is in it. */
export function writeLink({ presets, config, race, seeds }: Experiment, view: ViewState): string {
  const words: [string, string][] = [];
  if (race) words.push(['race', raceText(race)]);
  if (seeds > 1) words.push(['seeds', String(seeds)]);
  if (view.view !== DEFAULT_VIEW.view) words.push(['view', view.view]);
  if (view.at !== null) words.push(['at', String(view.at)]);
  if (view.zoom) words.push(['zoom', view.zoom.join('-')]);
  if (view.focus > 0) words.push(['focus', String(view.focus)]);
  if (view.selected !== null) words.push(['select', String(view.selected)]);
  const whatif = variantsText(view.variants);
  if (whatif) words.push(['whatif', whatif]);
  if (view.muted.length) words.push(['mute', view.muted.join(',')]);
  for (const [name, value] of Object.entries(view.options))
    if (value !== OPTIONS[name as OptionName][0]) words.push([name, value]);
  if (view.embed) words.push(['embed', '1']);
  if (view.hidden.length) words.push(['hide', view.hidden.join(',')]);
  return [
    toUrlText(presets, config),
    ...words.map(([k, v]) => `${k}=${encodeURIComponent(v).replaceAll('%2C', ',').replaceAll('%3A', ':')}`),
  ].join('&');
}

/** What an empty link trains. */
export const defaultExperiment = (): Experiment => ({
  presets: DEFAULT_PRESETS,
  config: resolve(DEFAULT_PRESETS),
  race: null,
  seeds: 1,
});
