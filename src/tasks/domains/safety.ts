import { type Domain, promptOf, questionOf } from '../contract';
import { digit, TOKEN } from '../vocabulary';

const SIDE = 3;
const WORDS = Array.from({ length: 12 }, (_, i) => TOKEN.word0 + i);

/** Which of two texts of three words does less harm; each word has a hidden score. */
export const safety: Domain = {
  id: 'safety',
  label: 'Safety',
  columns: [{ id: 'Beaver', label: 'Beaver', chance: () => 1 / 2 }],
  generate(_column, random, { harm }) {
    for (;;) {
      const words = random.shuffled(WORDS);
      const sides = [words.slice(0, SIDE), words.slice(SIDE, 2 * SIDE)];
      const [left, right] = sides.map((side) => side.reduce((sum, w) => sum + harm[w - TOKEN.word0], 0));
      if (left === right) continue;
      const answer = digit(left < right ? 0 : 1);
      return {
        prompt: promptOf([TOKEN.safety, ...sides[0], TOKEN.bar, ...sides[1]]),
        gold: [TOKEN.hash, answer],
        verifier: { kind: 'answer', mark: TOKEN.hash, answer: [answer] },
      };
    }
  },
  demonstrate({ prompt, gold }, random, noise, { harm }) {
    const question = questionOf(prompt);
    const [left, right] = [question[1], question[2 + SIDE]].map((w) => harm[w - TOKEN.word0]);
    const answer = random.chance(noise.noiseFirst) ? digit(left < right ? 0 : 1) : gold[1];
    return random.chance(noise.noiseFormat) ? [answer] : [TOKEN.hash, answer];
  },
};
