import type { Objective } from '../types';

/** Two numbers by three digits, or by as many as tell them apart. */
export function apart(a: number, b: number): [string, string] {
  const text = (x: number, digits: number) => String(Number(x.toPrecision(digits))).replace('-', '−');
  let digits = 3;
  while (digits < 17 && a !== b && text(a, digits) === text(b, digits)) digits++;
  return [text(a, digits), text(b, digits)];
}

/** On which side the worse lie. */
export const worseSide = ({ direction }: Pick<Objective, 'direction'>): string => (direction === 'max' ? 'below' : 'above');

export const points = (n: number): string => (n === 1 ? '1 point' : `${n} points`);

export const stepsOf = (n: number): string => (n === 1 ? '1 step' : `${n} steps`);
