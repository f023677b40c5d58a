import { type Domain, promptOf, questionOf } from '../contract';
import { digit, TOKEN } from '../vocabulary';
import type { World } from '../world';

const COUNT = 6;

/** The call that `[T] verb key value key value` asks for: the values in the order of the tool's signature, then the tool. */
function call(question: readonly number[], world: World): number[] {
  const [, verb, key1, value1, key2, value2] = question;
  const tool = world.toolOfVerb[verb - TOKEN.verb0];
  const place = (key: number) => world.signatures[tool].indexOf(key - TOKEN.key0);
  return [...(place(key1) < place(key2) ? [value1, value2] : [value2, value1]), TOKEN.tool0 + tool];
}

/** Calling the tool that a verb asks for, arguments in the order of its hidden signature. */
export const toolUse: Domain = {
  id: 'toolUse',
  label: 'ToolUse',
  columns: [{ id: 'Toolpaca', label: 'Toolpaca', chance: () => 0 }],
  generate(_column, random, world) {
    const keys = random.shuffled([0, 1, 2]);
    // Two equal values would make their order irrelevant.
    const first = random.below(world.modulus);
    const second = (first + 1 + random.below(world.modulus - 1)) % world.modulus;
    const verb = TOKEN.verb0 + random.below(COUNT);
    const question = [TOKEN.toolUse, verb, TOKEN.key0 + keys[0], digit(first), TOKEN.key0 + keys[1], digit(second)];
    const gold = call(question, world);
    return { prompt: promptOf(question), gold, verifier: { kind: 'answer', mark: null, answer: gold } };
  },
  demonstrate({ prompt }, random, noise, world) {
    const question = questionOf(prompt);
    const [first, second, tool] = call(question, world);
    const values = random.chance(noise.noiseOrder) ? [question[3], question[5]] : [first, second];
    return [...values, random.chance(noise.noiseTool) ? TOKEN.tool0 + random.below(COUNT) : tool];
  },
};
