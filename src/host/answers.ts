import { encodeCheckpoint } from '../engine/checkpoint';
import type { Trainer } from '../engine/trainer';
import type { Answers, Question } from './protocol';

/** What only questions need loads with the first of them, not with the page. */
const heldOut = () => import('../engine/heldOutFrame');
const whatIf = () => import('../engine/counterfactual');

/** Answers a question about a fleet between two submissions. @throws Error when the fleet has no such run, or the device fails */
export async function answer(trainer: Trainer, question: Question): Promise<Answers[keyof Answers]> {
  const { run } = question;
  if (!trainer.configs[run]) throw new Error(`invalid run: ${run} (0 to ${trainer.configs.length - 1})`);
  switch (question.kind) {
    case 'frame':
      return trainer.frame(run);
    case 'heldOut': {
      const config = trainer.configs[run];
      // One seed at every step: only the policy changes from picture to picture.
      const options = { prompts: question.prompts, samples: question.samples, seed: config.seed };
      const { heldOutFrame } = await heldOut();
      return (await heldOutFrame(
        trainer.backend,
        await trainer.weightsOf(run),
        config,
        run,
        trainer.stepsDone,
        options,
      )) as Answers['heldOut'];
    }
    case 'interference':
      return { ...(await trainer.interference(run)), step: trainer.stepsDone };
    case 'counterfactual':
      return (await whatIf()).counterfactual(trainer, run, question.variants);
    case 'checkpoint':
      return { bytes: encodeCheckpoint(await trainer.checkpoint(run)), step: trainer.stepsDone };
  }
}
