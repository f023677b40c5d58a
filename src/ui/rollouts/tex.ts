import type { GroupAdvantage, ScoreParts } from './advantage';
import type { Clip, TokenObjective } from './objective';

/** Formulas as TeX with their numbers filled in; lines break before `=` where they must. */

/** A number: `digits` places, without a sign on zeros. */
export const num = (value: number, digits = 4): string => {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace('-', '') : text;
};

/** A number of few places where it is whole. */
const short = (value: number, digits = 4): string => (Number.isInteger(value) ? String(value) : num(value, digits));

/** In brackets where a minus sign in front would stand twice. */
const bracketed = (text: string): string => (text.startsWith('-') ? `(${text})` : text);

/** s_i = r_i + R_len + R_con = … */
export function scoreTex({ reward, overlong, bonus, engine }: ScoreParts): string {
  const terms = ['r_i'];
  const numbers = [short(reward)];
  if (overlong !== null) {
    terms.push('R^{\\text{len}}_i');
    numbers.push(bracketed(short(overlong)));
  }
  if (bonus !== null) {
    terms.push('R^{\\text{con}}_i');
    numbers.push(bracketed(num(bonus)));
  }
  const total = terms.length > 1 ? ` = ${short(engine)}` : '';
  return `s_i = ${terms.join(' + ')} = ${numbers.join(' + ')}${total}`;
}

/** Mean, deviation and advantage of (2), one formula each. */
export function advantageTex(a: GroupAdvantage): string[] {
  const { rule, size, sum, mean, squares, deviation, score, value } = a;
  if (rule === 'single') return [`A_i = \\frac{s_i}{1 + 10^{-6}} = \\frac{${short(score)}}{1 + 10^{-6}} = ${num(value, 5)}`];
  const lines = [`\\bar s = \\tfrac{1}{G} \\textstyle\\sum_j s_j = \\frac{${short(sum)}}{${size}} = ${num(mean)}`];
  if (rule === 'equal') return [...lines, 'A_i = 0'];
  const centred = `${short(score)} - ${bracketed(num(mean))}`;
  if (rule === 'centred') return [...lines, `A_i = s_i - \\bar s = ${centred} = ${num(value, 5)}`];
  return [
    ...lines,
    `\\sigma = \\sqrt{\\tfrac{1}{G-1} \\textstyle\\sum_j (s_j - \\bar s)^2} = \\sqrt{\\frac{${num(squares)}}{${size - 1}}} = ${num(deviation)}`,
    `A_i = \\frac{s_i - \\bar s}{\\sigma + 10^{-6}} = \\frac{${centred}}{${num(deviation)} + 10^{-6}} = ${num(value, 5)}`,
  ];
}

/** ρ_t = exp(log π now − log π then) = … */
export const ratioTex = (logp: number, ratio: number): string =>
  `\\rho_t = e^{\\log \\pi_\\theta - \\log \\pi_{\\text{old}}} = e^{${num(logp + Math.log(ratio))} - ${bracketed(num(logp))}} = ${num(ratio)}`;

const marked = (tex: string, active: boolean) => (active ? `\\underline{${tex}}` : tex);

/** (3) for one token: its terms, then their maximum and, for negative advantages, the dual clip; the term that wins is underlined. */
export function objectiveTex(advantage: number, ratio: number, clip: Clip, o: TokenObjective): string[] {
  const minusA = `-${bracketed(short(advantage))}`;
  const range = `${num(1 - clip.low, 2)},\\, ${num(1 + clip.high, 2)}`;
  const name = o.dual === null ? '\\ell_t' : 'm_t';
  const lines = [
    `-A\\rho_t = ${minusA} \\cdot ${num(ratio)} = ${num(o.plain)}`,
    `-A \\operatorname{clip}(\\rho_t,\\, ${range}) = ${minusA} \\cdot ${num(o.bounded)} = ${num(o.clipped)}`,
    `${name} = \\max(${marked(num(o.plain), o.plain >= o.clipped)},\\, ${marked(num(o.clipped), o.clipped >= o.plain)}) = ${num(o.inner, 5)}`,
  ];
  if (o.dual !== null)
    lines.push(
      `\\ell_t = \\min(m_t,\\, -Ac) = \\min\\bigl(${marked(num(o.inner), o.branch !== 'dual')},\\, ${marked(
        `${minusA} \\cdot ${short(clip.dual, 2)}`,
        o.branch === 'dual',
      )}\\bigr) = ${num(o.loss, 5)}`,
    );
  return lines;
}

/** (3) in symbols; `dual`: with the dual clip. */
export const objectiveRule = (dual: boolean): string =>
  `${dual ? 'm_t' : '\\ell_t'} = \\max\\bigl(-A\\rho_t,\\, -A \\operatorname{clip}(\\rho_t,\\, 1 - \\varepsilon_{\\text{low}},\\, 1 + \\varepsilon_{\\text{high}})\\bigr)`;
