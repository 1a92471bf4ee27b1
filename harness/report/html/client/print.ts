/**
 * Paper cannot be unfolded: everything that is not filtered away is printed open.
 */
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { scenarios } from './page.ts';

export function startPrint(): void {
  let folded: HTMLDetailsElement[] = [];
  addEventListener('beforeprint', () => {
    folded = scenarios.filter((scenario) => !scenario.open);
    for (const scenario of folded) scenario.open = true;
  });
  addEventListener('afterprint', () => {
    for (const scenario of folded) scenario.open = false;
  });
}
