/** The page's colours: one set for light, one for dark. Domains follow Okabe and Ito, tuned for contrast on each ground. */
export interface Palette {
  page: string;
  card: string;
  ink: string;
  quiet: string;
  line: string;
  fault: string;
  /** By domain index; repeats after the last. */
  domains: readonly string[];
}

/** Colours on a light page. */
export const LIGHT: Palette = {
  page: '#f6f6f3',
  card: '#ffffff',
  ink: '#1c1e22',
  quiet: '#5b616a',
  line: '#e3e3de',
  fault: '#b3261e',
  domains: ['#0072b2', '#d99400', '#00936a', '#b8609b', '#c94400', '#3f9fd0'],
};

/** Colours on a dark page. */
export const DARK: Palette = {
  page: '#131517',
  card: '#1a1d20',
  ink: '#e9e9e5',
  quiet: '#a1a7af',
  line: '#2d3135',
  fault: '#ff8a80',
  domains: ['#4ba3dd', '#f0b83c', '#27bd92', '#dd98c4', '#ef7240', '#9ad2f2'],
};

/** Colour of a domain by its place in the registry. */
export const domainColor = (palette: Palette, domain: number): string => palette.domains[domain % palette.domains.length];

/** The system's own typeface. */
export const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif';
