/**
 * The page that the other modules work on.
 */
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

export const scenarios = [...document.querySelectorAll<HTMLDetailsElement>('details.scenario')];

export const byId = (id: string): HTMLElement | null => document.getElementById(id);

/** A hash as it was before the browser, or whoever wrote the link, escaped it. */
export function decodeHash(hash: string): string {
  try {
    return decodeURIComponent(hash);
  } catch {
    return hash;
  }
}

/** What an event happened to, or the nearest element around it, that `selector` means. */
export function targetOf<E extends Element>(event: Event, selector: string): E | null {
  return event.target instanceof Element ? event.target.closest<E>(selector) : null;
}
