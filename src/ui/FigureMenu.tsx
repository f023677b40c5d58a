import { attempt } from '../store/kept';
import { FIGURE_FORMS, type Figure, type FigureForm, save } from './figure';
import { Menu } from './Menu';

const FORMS: Record<FigureForm, { label: string; hint: string }> = {
  svg: { label: 'SVG', hint: 'drawing' },
  png: { label: 'PNG', hint: 'picture' },
  csv: { label: 'CSV', hint: 'numbers' },
};

/** Saves a panel's figure; `figure` makes it when it is asked for. */
export function FigureMenu({ title, figure }: { title: string; figure: () => Figure | Promise<Figure> }) {
  return (
    <Menu
      className="figure-menu"
      label={`Save figure: ${title}`}
      title="Save this figure"
      items={FIGURE_FORMS.map((form) => ({
        ...FORMS[form],
        act: () => void attempt('The figure could not be saved', async () => save(await figure(), form)),
      }))}
      note="SVG and PNG hold their numbers, these settings and the runs: dropped on the page, they open it again."
    >
      <svg viewBox="0 0 14 14" aria-hidden="true">
        <path d="M7 1v8M3.5 6 7 9.5 10.5 6M1.5 12.5h11" fill="none" stroke="currentColor" strokeWidth="1.5" />
      </svg>
    </Menu>
  );
}
