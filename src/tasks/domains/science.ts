import { type Domain, promptOf, questionOf } from '../contract';
import { digit, digitOf, TOKEN } from '../vocabulary';
import { FORMULAS, type World } from '../world';
import { mistake } from './math';

const GPQA = 0;
const OPTIONS = 4;

/** Works through formula, x, y, z of a question: operator and value of both steps. */
function work(question: readonly number[], world: World, read: (op: number) => number): { steps: number[]; value: number } {
  const [x, y, z] = question.slice(2, 5).map(digitOf);
  const known = { x, y, z, previous: 0 };
  const steps: number[] = [];
  for (const { operator, left, right } of FORMULAS[question[1] - TOKEN.formula0]) {
    const op = read(operator);
    known.previous = world.operateInScience(op, known[left], known[right]);
    steps.push(op, digit(known.previous));
  }
  return { steps, value: known.previous };
}

/** Formulas whose operators are hidden behind a name, with four options (GPQA) or a number as the answer (SciBench). */
export const science: Domain = {
  id: 'science',
  label: 'Science',
  columns: [
    { id: 'GPQA', label: 'GPQA', chance: (w) => (w.strict ? 0 : 1 / OPTIONS) },
    { id: 'SciBench', label: 'SciBench', chance: (w) => (w.strict ? 0 : 1 / w.modulus) },
  ],
  generate(column, random, world) {
    const { modulus } = world;
    const values = [0, 0, 0].map(() => digit(random.below(modulus)));
    const question = [TOKEN.science, TOKEN.formula0 + random.below(FORMULAS.length), ...values];
    const { steps, value } = work(question, world, (op) => op);
    let answer = digit(value);
    if (column === GPQA) {
      const others = Array.from({ length: Math.max(modulus, OPTIONS) }, (_, v) => v).filter((v) => v !== value);
      const options = random.shuffled([value, ...random.shuffled(others).slice(0, OPTIONS - 1)]);
      question.push(TOKEN.bar, ...options.flatMap((v, i) => [TOKEN.optionA + i, digit(v)]));
      answer = TOKEN.optionA + options.indexOf(value);
    }
    return {
      prompt: promptOf(question),
      gold: [...steps, TOKEN.hash, answer],
      verifier: { kind: 'answer', mark: TOKEN.hash, answer: [answer] },
    };
  },
  demonstrate({ prompt }, random, noise, world) {
    const question = questionOf(prompt);
    const { steps, value } = work(question, world, (op) => mistake(op, random, noise));
    const options = question.slice(6);
    if (options.length === 0) return [...steps, TOKEN.hash, digit(value)];
    const at = options.indexOf(digit(value));
    return [...steps, TOKEN.hash, at < 0 ? TOKEN.optionA + random.below(OPTIONS) : options[at - 1]];
  },
};
