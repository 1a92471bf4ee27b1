/**
 * A link to something folded opens it.
 */
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { byId, decodeHash } from '../../../../report/html/client/page.ts';

export function startReveal(): void {
  addEventListener('hashchange', reveal);
  reveal();
}

function reveal(): void {
  const target = byId(decodeHash(location.hash.slice(1)));
  for (let part: Element | null = target; part; part = part.parentElement)
    if (part instanceof HTMLDetailsElement) part.open = true;
  target?.scrollIntoView();
}
