/**
 * Which scenarios are shown: by text, by outcome, by requirement; and all of them opened or closed at once.
 */
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { byId, scenarios } from './page.ts';

export function startFilter(): void {
  const form = byId('filter') as HTMLFormElement | null;
  if (form === null) return;
  form.addEventListener('input', () => applyFilter(form));
  form.addEventListener('submit', (event) => event.preventDefault());
  byId('fold')?.addEventListener('click', toggleAll);
}

function applyFilter(form: HTMLFormElement): void {
  const value = (name: string): string => (form.elements.namedItem(name) as HTMLInputElement).value;
  const words = value('text').toLowerCase().split(/\s+/).filter(Boolean);
  const [outcome, requirement] = [value('outcome'), value('requirement')];
  let shown = 0;
  for (const scenario of scenarios) {
    const { text = '', req = '', outcome: own } = scenario.dataset;
    const fits =
      words.every((word) => text.includes(word)) &&
      (outcome === '' || own === outcome) &&
      (requirement === '' || req.split(' ').includes(requirement));
    scenario.hidden = !fits;
    if (fits) shown += 1;
  }
  for (const cell of document.querySelectorAll<HTMLAnchorElement>('.cell')) {
    cell.classList.toggle('dim', byId(decodeURIComponent(cell.hash.slice(1)))?.hidden === true);
  }
  for (const group of document.querySelectorAll<HTMLElement>('.group')) {
    group.hidden = group.querySelector('details.scenario:not([hidden])') === null;
  }
  (byId('shown') as HTMLOutputElement).value = `${shown} of ${scenarios.length}`;
}

function toggleAll(): void {
  const fold = byId('fold');
  const open = fold?.getAttribute('aria-pressed') !== 'true';
  for (const scenario of scenarios) if (!scenario.hidden) scenario.open = open;
  fold?.setAttribute('aria-pressed', String(open));
  if (fold) fold.textContent = open ? 'Close all' : 'Open all';
}
