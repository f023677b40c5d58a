import type { ReactNode } from 'react';

interface Props {
  title: string;
  open: boolean;
  /** How many fields inside are changed. */
  changed?: number;
  /** Seen while it is folded. */
  aside?: ReactNode;
  children: ReactNode;
  onToggle(): void;
}

/** A folded part of the panel; what is inside exists only while it is open. */
export function Fold({ title, open, changed = 0, aside, children, onToggle }: Props) {
  return (
    <details open={open}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a summary is a control */}
      <summary
        onClick={(e) => {
          e.preventDefault();
          onToggle();
        }}
        onKeyDown={(e) => e.key === ' ' && e.stopPropagation()}
      >
        <span className="title">{title}</span>
        {!open && (
          <span className="digest" aria-hidden="true">
            {aside}
          </span>
        )}
        {changed > 0 && (
          <span className="count">
            {changed}
            <span className="visually-hidden"> changed</span>
          </span>
        )}
      </summary>
      {open && children}
    </details>
  );
}
