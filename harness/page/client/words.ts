/** Values in words, as short as a table needs them; a figure and its unit stay on one line. */

export function agoText(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms / 100)) / 10}\u00a0s`;
  if (ms < 100_000) return `${Math.round(ms / 1_000)}\u00a0s`;
  const minutes = Math.round(ms / 60_000);
  return minutes < 120
    ? `${minutes}\u00a0min`
    : `${Math.floor(minutes / 60)}\u00a0h ${minutes % 60}\u00a0min`;
}

export function bytesText(bytes: number): string {
  if (bytes < 10_000) return `${bytes}\u00a0B`;
  return bytes < 10_000_000
    ? `${Math.round(bytes / 1_000)}\u00a0KB`
    : `${Math.round(bytes / 1_000_000)}\u00a0MB`;
}

export function timeText(at: number): string {
  const date = new Date(at);
  const pad = (value: number, length = 2): string => String(value).padStart(length, '0');
  return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}.${pad(Math.floor(date.getMilliseconds() / 10))}`;
}

/** `latency 100 ms · jitter 20 ms`, without what is as it would be anyway. */
export function valuesText(values: object, units: ReadonlyMap<string, string>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => {
      const shown = typeof value === 'string' ? value || '“”' : JSON.stringify(value).replaceAll('"', '');
      return `${name} ${shown}${units.has(name) ? ` ${units.get(name)}` : ''}`;
    })
    .join(' · ');
}
