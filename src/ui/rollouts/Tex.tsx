import type { KatexOptions } from 'katex';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';

type Render = (tex: string, place: HTMLElement, options: KatexOptions) => void;

let render: Render | undefined;
let loading: Promise<void> | undefined;

/** KaTeX comes with the first formula. */
function load(): Promise<void> {
  loading ??= Promise.all([import('katex'), import('katex/dist/katex.min.css')]).then(
    ([{ default: katex }]) => {
      render = katex.render;
    },
    (error) => {
      loading = undefined;
      throw error;
    },
  );
  return loading;
}

/** A formula, with its MathML for screen readers; its TeX where KaTeX cannot be loaded. */
export function Tex({ children }: { children: string }) {
  const place = useRef<HTMLSpanElement>(null);
  const [state, setState] = useState<'waiting' | 'ready' | 'failed'>(render ? 'ready' : 'waiting');
  useEffect(() => {
    if (render) return;
    let here = true;
    load().then(
      () => here && setState('ready'),
      () => here && setState('failed'),
    );
    return () => {
      here = false;
    };
  }, []);
  useLayoutEffect(() => {
    if (state === 'ready' && place.current)
      render?.(`\\displaystyle ${children}`, place.current, { output: 'htmlAndMathml', throwOnError: false });
  }, [children, state]);
  if (state === 'failed') return <code className="code">{children}</code>;
  return <span ref={place} className="tex" />;
}
