import { lab } from './lab';
import type { Highlight } from './state';
import { OPTIONS, type OptionName, type OptionValue, type Part, type ViewName } from './view';

/** Where the user looks: nothing here touches the training. */

/** Puts the charts' shared cursor on a step; null takes it away. */
export function setCursor(cursor: number | null): void {
  if (lab.getState().cursor !== cursor) lab.setState({ cursor });
}

/** Pins the views of one moment to a step; null lets them follow the training. */
export function pin(at: number | null): void {
  if (lab.getState().at !== at) lab.setState({ at, selected: null });
}

/** As `pin`, where rows are the same rollouts at every step: the selection holds. */
export function pinKept(at: number | null): void {
  if (lab.getState().at !== at) lab.setState({ at });
}

/** Steps that the charts show; null for all. */
export const setZoom = (zoom: readonly [number, number] | null): void => lab.setState({ zoom });

/** What the pointer is on; parts that are left out are on nothing. */
export function setHighlight(highlight: Highlight): void {
  const old = lab.getState().highlight;
  const keys = ['domain', 'other', 'prompt', 'rollout', 'lane'] as const;
  if (keys.some((k) => old[k] !== highlight[k])) lab.setState({ highlight });
}

/** Selects a rollout by its row in the frame at hand; null selects none. */
export const select = (selected: number | null): void => lab.setState({ selected });

/** Selects a rollout of the frame of a step and pins the views to it, so that it stays while training goes on. */
export const selectAt = (at: number, selected: number): void => lab.setState({ at, selected });

/** Opens a view. */
export const show = (view: ViewName): void => lab.setState({ view });

/** Sets a choice of a view. */
export function setOption<K extends OptionName>(name: K, value: OptionValue<K>): void {
  const { [name]: _, ...rest } = lab.getState().options;
  lab.setState({ options: value === OPTIONS[name][0] ? rest : { ...rest, [name]: value } });
}

/** Shows or leaves out a domain in the charts. */
export const toggleDomain = (id: string): void =>
  lab.setState(({ muted }) => ({ muted: muted.includes(id) ? muted.filter((d) => d !== id) : [...muted, id] }));

/** Shows one domain alone in the charts; all again when it already is alone. */
export const showOnlyDomain = (id: string): void =>
  lab.setState(({ muted, domains }) => {
    const others = domains.map((d) => d.id).filter((d) => d !== id);
    const alone = !muted.includes(id) && others.every((d) => muted.includes(d));
    return { muted: alone ? [] : others };
  });

/** Shows or hides a part of the page. */
export const togglePart = (part: Part): void =>
  lab.setState(({ hidden }) => ({ hidden: hidden.includes(part) ? hidden.filter((p) => p !== part) : [...hidden, part] }));

/** Tells the user something that is not an error of the run. */
export const complain = (text: string): void =>
  lab.setState(({ notices }) => (notices.includes(text) ? {} : { notices: [...notices, text] }));

/** Hides the complaints about the link. */
export const dismissProblems = (): void => lab.setState({ problems: [] });
/** Hides one notice. */
export const dismissNotice = (text: string): void =>
  lab.setState(({ notices }) => ({ notices: notices.filter((n) => n !== text) }));
/** Hides the error. */
export const dismissError = (): void => lab.setState({ error: null });
