import type { ReactNode } from 'react';
import { FigureMenu } from './FigureMenu';
import type { Figure } from './figure';
import { Hint } from './Hint';

interface Props {
  name: string;
  title: string;
  hint: string;
  /** Beside the title, at the right. */
  aside?: ReactNode;
  /** Makes the panel's picture or table for a file; false where there is nothing to save (yet). */
  figure?: (() => Figure | Promise<Figure>) | false;
  children: ReactNode;
}

export function Panel({ name, title, hint, aside, figure, children }: Props) {
  return (
    <section className={`panel ${name}`} aria-label={title}>
      <div className="head">
        <h2>
          <Hint text={hint}>{title}</Hint>
        </h2>
        {aside && <div className="aside">{aside}</div>}
        {figure && <FigureMenu title={title} figure={figure} />}
      </div>
      {children}
    </section>
  );
}

/** Why a panel has nothing to show. */
export const Empty = ({ children }: { children: ReactNode }) => <p className="empty">{children}</p>;
