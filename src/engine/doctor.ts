import { FIELDS, getValue, type Value } from '../config/fields';
import type { Config } from '../config/schema';
import { type Ailment, SYMPTOMS } from './symptoms';
import { type Case, type History, patientOf } from './vitals';

export type { Ailment } from './symptoms';
export type { History } from './vitals';

/** A field to turn. */
export interface Turn {
  path: string;
  /** Which way; for a choice, what to set it to. */
  to: string;
  /** As the run has it; the paper's, where it gives one; the default. */
  value: Value;
  paper?: Value;
  default: Value;
}

/** One thing that is wrong, in plain words, with the evidence. */
export interface Finding {
  ailment: Ailment;
  /** Worth an eye, or training on is a waste of time. */
  severity: 'watch' | 'act';
  title: string;
  /** The metric over the last steps, the threshold that it is beyond, and the step from which on it was. */
  evidence: { metric: string; value: number; threshold: number; from: number; text: string };
  advice: string;
  turns: Turn[];
  /** Last step before it began, to go back to; 0: it was so from the start. */
  since: number;
}

const number = (x: number): string =>
  x === 0 ? '0' : Math.abs(x) < 1e-3 || Math.abs(x) >= 1e4 ? x.toExponential(1) : `${Number(x.toPrecision(3))}`;

function turnOf(config: Config, [path, to]: readonly [string, string]): Turn {
  const f = FIELDS.find((x) => x.path === path);
  if (!f) throw new Error(`unknown field in an advice: ${path}`);
  return { path, to, value: getValue(config, path), ...(f.paper === undefined ? {} : { paper: f.paper }), default: f.default };
}

function findingOf(ailment: Ailment, c: Case, config: Config): Finding {
  const { severity, title, metric, value, threshold, from, since, advice, turns } = c;
  const relation = value > threshold ? 'above' : 'below';
  return {
    ailment,
    severity,
    title,
    evidence: {
      metric,
      value,
      threshold,
      from,
      text: `${metric} is ${number(value)}, ${relation} ${number(threshold)}, since step ${from}`,
    },
    advice,
    turns: turns.map((t) => turnOf(config, t)),
    since,
  };
}

/**
 * Looks through a run's metrics for what goes wrong in such trainings; what calls for action comes first. Verdicts rest on the last ten
 * steps (`WINDOW`), so that one odd batch raises no alarm.
 */
export function diagnose(history: History, config: Config): Finding[] {
  const patient = patientOf(history, config);
  const found = (Object.keys(SYMPTOMS) as Ailment[]).flatMap((ailment) => {
    const c = SYMPTOMS[ailment](patient);
    return c ? [findingOf(ailment, c, config)] : [];
  });
  return [...found.filter((f) => f.severity === 'act'), ...found.filter((f) => f.severity === 'watch')];
}
