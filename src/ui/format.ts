const MINUS = '−';

/** `digits` places after the point, with a true minus sign. */
export const fixed = (value: number, digits: number): string => value.toFixed(digits).replace('-', MINUS);

export const signed = (value: number, digits: number): string => {
  const text = Math.abs(value).toFixed(digits);
  return Number(text) === 0 ? text : `${value < 0 ? MINUS : '+'}${text}`;
};

export const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;

// Made once: to make a formatter takes far longer than to use it.
const grouping = new Intl.NumberFormat('en');

export const whole = (value: number): string => grouping.format(value);

/** Three figures: steps per second and the like. */
export const pace = (value: number): string => (value >= 100 ? whole(Math.round(value)) : value.toPrecision(value >= 1 ? 3 : 2));
