/**
 * Paper cannot be unfolded: what is not filtered away is printed open.
 */
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/** `foldable` says which `<details>` are to be open on paper. */
export function startPrint(foldable: string): void {
  let folded: HTMLDetailsElement[] = [];
  addEventListener('beforeprint', () => {
    folded = [...document.querySelectorAll<HTMLDetailsElement>(foldable)].filter(({ open }) => !open);
    for (const details of folded) details.open = true;
  });
  addEventListener('afterprint', () => {
    for (const details of folded) details.open = false;
  });
}
