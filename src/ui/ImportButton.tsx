import { useRef } from 'react';

interface Props {
  /** Names the file input. */
  label: string;
  title: string;
  className?: string;
  take(files: File[]): Promise<unknown>;
}

/** A button that takes files in; the same ones can be chosen again. */
export function ImportButton({ label, title, className, take }: Props) {
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" className={className} title={title} onClick={() => picker.current?.click()}>
        Import…
      </button>
      <input
        ref={picker}
        className="visually-hidden"
        type="file"
        multiple
        tabIndex={-1}
        aria-label={label}
        onChange={async (e) => {
          const files = [...(e.target.files ?? [])];
          if (files.length) await take(files);
          if (picker.current) picker.current.value = '';
        }}
      />
    </>
  );
}
