/**
 * A Markdown table that reads well as text too: cells padded to their columns, the first `left` columns to the left, the rest to
 * the right, so that numbers line up.
 */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[], left = 1): string {
  const safe = [header, ...rows].map((r) => r.map((c) => c.replaceAll('|', '\\|')));
  const widths = header.map((_, i) => Math.max(3, ...safe.map((r) => [...r[i]].length)));
  const pad = (text: string, i: number) => {
    const space = ' '.repeat(widths[i] - [...text].length);
    return i < left ? text + space : space + text;
  };
  const line = (cells: readonly string[]) => `| ${cells.map(pad).join(' | ')} |`;
  const rule = `|${widths.map((w, i) => (i < left ? ` ${'-'.repeat(w)} ` : ` ${'-'.repeat(w - 1)}: `)).join('|')}|`;
  return [line(safe[0]), rule, ...safe.slice(1).map(line)].join('\n');
}
