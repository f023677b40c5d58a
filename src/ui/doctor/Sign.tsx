/** How a run is: well, worth an eye, in need of action, or not known yet. */
export type Health = 'well' | 'watch' | 'act' | 'unknown';

const PATHS: Record<Health, string> = {
  well: 'M3 8.5L6.5 12L13 4.5',
  watch:
    'M1.5 8C4 4.5 6 3.5 8 3.5S12 4.5 14.5 8C12 11.5 10 12.5 8 12.5S4 11.5 1.5 8ZM8 6.2A1.8 1.8 0 1 1 8 9.8A1.8 1.8 0 1 1 8 6.2Z',
  act: 'M8 2L14.6 13.5H1.4ZM8 6.5V9.5M8 11.4V11.5',
  unknown: 'M3 8H13',
};

/** A sign for it: always beside words. */
export const Sign = ({ of }: { of: Health }) => (
  <svg className={`sign ${of}`} viewBox="0 0 16 16" aria-hidden="true">
    <path d={PATHS[of]} />
  </svg>
);
