/** The browser's storage is full: what was being saved is not saved, what was saved before is whole. */
export class ArchiveFullError extends Error {
  override name = 'ArchiveFullError';
  constructor(
    /** What was being saved, e.g. `steps 101 to 120 of "GRPO"`. */
    readonly what: string,
    readonly usage: Usage | null,
  ) {
    const room = usage ? ` (${roomText(usage)})` : '';
    super(`storage is full${room}: ${what} could not be saved; what was saved before is whole, and deleting runs makes room`);
  }
}

/** Bytes of the whole site. */
export interface Usage {
  used: number;
  quota: number;
}

/** Some browsers name a quota that they do not grant. */
function roomText({ used, quota }: Usage): string {
  const near = used > 0.8 * quota;
  return near
    ? `${sizeText(used)} used of ${sizeText(quota)}`
    : `${sizeText(used)} used; the browser gives no more, though it names a quota of ${sizeText(quota)}`;
}

/** `210 MB`, `0.3 MB`, `1.5 GB`: rounded up, decimal units. */
export function sizeText(bytes: number): string {
  const [unit, name] = bytes > 1e9 ? [1e9, 'GB'] : [1e6, 'MB'];
  const tenths = Math.ceil((10 * bytes) / unit);
  return `${tenths >= 100 ? Math.ceil(tenths / 10) : tenths / 10} ${name}`;
}

/** True for the browser's word that storage is full, however it is wrapped. */
export function isFull(error: unknown): boolean {
  const names = ['QuotaExceededError', 'NS_ERROR_DOM_QUOTA_REACHED', 'NS_ERROR_FILE_NO_DEVICE_SPACE'];
  for (let at = error as { name?: string; inner?: unknown; cause?: unknown } | undefined, depth = 0; at && depth < 5; depth++) {
    if (at.name && names.includes(at.name)) return true;
    at = (at.inner ?? at.cause) as typeof at;
  }
  return false;
}
