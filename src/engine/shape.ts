import type { Config } from '../config/schema';
import { PROMPT_LENGTH, RESPONSE_LENGTH, VOCABULARY_SIZE } from '../tasks/vocabulary';

/** Sizes of the policy: everything that decides its parameters. */
export interface PolicyShape {
  kind: Config['policy']['kind'];
  vocabulary: number;
  width: number;
  layers: number;
  heads: number;
  promptLength: number;
  responseLength: number;
}

/** Sizes of a projection head on a policy of `input` channels. */
export interface HeadShape {
  input: number;
  /** 0: no hidden layer (CLIPO's linear head). */
  hidden: number;
  width: number;
  /** Between the two layers. */
  activation: Config['head']['activation'];
}

/** Sizes of a batch: prompts B in mini-batches of M, G rollouts each. */
export interface BatchShape {
  prompts: number;
  group: number;
  miniBatches: number;
}

/** The policy that a configuration asks for. */
export const policyShape = ({ policy }: Config): PolicyShape => ({
  kind: policy.kind,
  vocabulary: VOCABULARY_SIZE,
  width: policy.width,
  layers: policy.layers,
  heads: policy.heads,
  promptLength: PROMPT_LENGTH,
  responseLength: RESPONSE_LENGTH,
});

/** The projection head that a configuration asks for. */
export const headShape = ({ policy, head }: Config): HeadShape => ({
  input: policy.width,
  hidden: head.hidden,
  width: head.width,
  activation: head.activation,
});

/** CLIPO's head that a configuration asks for. */
export const clipoShape = ({ policy, clipo }: Config): HeadShape => ({
  input: policy.width,
  hidden: clipo.hidden,
  width: clipo.width,
  activation: 'relu',
});

/** The rollout batch that a configuration asks for. */
export const batchShape = ({ rollout }: Config): BatchShape => ({
  prompts: rollout.prompts,
  group: rollout.group,
  miniBatches: rollout.miniBatches,
});

/** Rows of one prompt group: its prompt once, then its rollouts. */
export const rowsPerPrompt = (policy: PolicyShape, group: number): number => policy.promptLength + group * policy.responseLength;
