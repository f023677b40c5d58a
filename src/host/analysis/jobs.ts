/** What the worker does for each request, in steps. */
import { part, type Steps } from '../../math/steps';
import { distributions } from './distributions';
import { filmSteps, nextFilmSteps } from './film';
import { inspect } from './inspect';
import { leaveOut } from './leaveOut';
import { logitChangeSteps } from './logitChange';
import { neighbourhood } from './neighbourhood';
import { cosineSteps, type Labels, type Pool, poolOf } from './pool';
import { projectSteps } from './projection';
import type { FrameOptions, FramePicture, JobName, Jobs, Run } from './protocol';
import { framePrototypes } from './prototypes';
import { type Rows, vectorsOf } from './rows';
import { similarity } from './similarity';
import { summarise } from './summaries';
import { type ContrastOptions, Terms } from './terms';

interface Pairs {
  frame: Rows;
  labels: Labels;
  pool: Pool;
  cosine: Float64Array;
}

/** The pairs and terms of the frame looked at last: clicks on one frame come one after another. */
export class TermsCache {
  private pairs: Pairs | null = null;
  private terms: { key: string; terms: Terms } | null = null;

  *of(frame: Rows, options: ContrastOptions): Steps<Terms> {
    const labels = options.labels ?? 'verifier';
    if (this.pairs?.frame !== frame || this.pairs.labels !== labels) {
      const pool = poolOf(frame, labels);
      const pairs = { frame, labels, pool, cosine: yield* cosineSteps(pool) };
      this.pairs = pairs;
      this.terms = null;
    }
    const { pool, cosine } = this.pairs;
    const key = JSON.stringify([options.tau, options.beta, options.gamma, options.switches]);
    if (this.terms?.key !== key || this.terms.terms.pool !== pool) this.terms = { key, terms: new Terms(pool, cosine, options) };
    return this.terms.terms;
  }

  /** Lets go of a frame that is no longer held. */
  forget(frame: Rows): void {
    if (this.pairs?.frame === frame) [this.pairs, this.terms] = [null, null];
  }
}

function* drawFrame(frame: Rows, { prototypes: shown, ...options }: FrameOptions): Steps<FramePicture> {
  const rows = vectorsOf(frame);
  const prototypes = shown ? framePrototypes(frame) : null;
  const extra = prototypes ? { extra: prototypes.vectors } : {};
  const picture = yield* projectSteps({ rows, width: frame.width, label: frame.domain }, { ...options, ...extra });
  if (!prototypes || !picture.extra) return { ...picture, prototypes: null };
  const { vectors: _, ...named } = prototypes;
  return { ...picture, extra: null, prototypes: { ...named, points: picture.extra } };
}

/** Steps of a request. @throws what the computation throws: sentences */
export function* jobSteps(run: Run, frames: readonly Rows[], cache: TermsCache): Steps<Jobs[JobName]['result']> {
  const frame = frames[frames.length - 1];
  const terms = (options: ContrastOptions) => part(cache.of(frame, options), 0, 0.9);
  switch (run.job) {
    case 'project':
      return yield* drawFrame(frame, run.options);
    case 'film':
      return yield* filmSteps(frames, run.options);
    case 'nextFilmMap': {
      const { film, previous } = run.options;
      return yield* nextFilmSteps(previous && frames.length > 1 ? { frame: frames[0], ...previous } : null, frame, film);
    }
    case 'similarity':
      return similarity(yield* terms(run.options));
    case 'distributions': {
      const { tau, bins, scope = 'pool', weightMap = 'cosine', labels = 'verifier' } = run.options;
      const options = { tau, beta: 1, gamma: 1, labels, switches: { scope, weightMap } };
      return distributions(yield* terms(options), frame.step, bins);
    }
    case 'inspect':
      return inspect(yield* terms(run.options.contrast), run.options.row);
    case 'leaveOut': {
      const { anchor, rows, mode, contrast } = run.options;
      return leaveOut(yield* terms(contrast), anchor, rows, mode);
    }
    case 'logitChange':
      return yield* logitChangeSteps(frames, run.options);
    case 'neighbours':
      return neighbourhood(frame, run.options.row, run.options.k);
    case 'summary':
      return summarise(frame, run.options);
  }
}
