import { type ReactNode, useId } from 'react';

interface Props {
  name: string;
  title: ReactNode;
  /** Beside the title, at the right. */
  aside?: ReactNode;
  children: ReactNode;
}

export function Panel({ name, title, aside, children }: Props) {
  const id = useId();
  return (
    <section className={`panel ${name}`} aria-labelledby={id}>
      <div className="head">
        <h2 id={id}>{title}</h2>
        {aside && <div className="aside">{aside}</div>}
      </div>
      {children}
    </section>
  );
}

/** Why a panel has nothing to show. */
export const Empty = ({ children }: { children: ReactNode }) => <p className="empty">{children}</p>;
