import { useEffect, useId, useRef, useState } from 'react';

interface Props {
  label: string;
  /** What the button says. */
  action: string;
  text: string;
  rows: number;
  /** Takes the focus when it appears. */
  first?: boolean;
}

/** A text to take away, with a button that copies it; where the page may not copy, the text is selected for it. */
export function CopyField({ label, action, text, rows, first = false }: Props) {
  const [said, setSaid] = useState('');
  const field = useRef<HTMLTextAreaElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  useEffect(() => {
    if (first) button.current?.focus();
  }, [first]);
  useEffect(() => {
    if (!said) return;
    const timer = setTimeout(() => setSaid(''), 3000);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid('Copied');
    } catch {
      field.current?.focus();
      field.current?.select();
      setSaid('Selected: copy it with Ctrl C');
    }
  };
  return (
    <div className="copy-field">
      <label htmlFor={id}>{label}</label>
      <span className="said" role="status">
        {said}
      </span>
      <button ref={button} type="button" onClick={copy}>
        {action}
      </button>
      <textarea
        ref={field}
        id={id}
        className="code"
        readOnly
        rows={rows}
        spellCheck={false}
        value={text}
        onFocus={(e) => e.target.select()}
      />
    </div>
  );
}
