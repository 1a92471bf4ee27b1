/**
 * Copying commands, links and reports. Where the browser forbids it, the text is shown, selected.
 */
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { targetOf } from './page.ts';

export function startCopy(): void {
  document.addEventListener('click', (event) => {
    const button = targetOf<HTMLButtonElement>(event, 'button.copy, button.link, button.report');
    const text = button && textOf(button);
    if (button && text) void copy(button, text);
  });
}

function textOf(button: HTMLButtonElement): string | undefined {
  const { copy: text, link } = button.dataset;
  if (text !== undefined) return text;
  if (link !== undefined) return `${location.href.replace(/#.*$/s, '')}#${link}`;
  const template = button.parentElement?.querySelector<HTMLTemplateElement>('.report-text');
  return template?.content.textContent ?? undefined;
}

async function copy(button: HTMLButtonElement, text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    sayOn(button, 'Copied');
  } catch {
    showSelected(button, text);
    sayOn(button, 'Selected');
  }
}

/** A moment later the button says again what it does. */
function sayOn(button: HTMLButtonElement, word: string): void {
  const said = button.dataset.said ?? button.textContent;
  button.dataset.said = said;
  button.textContent = word;
  button.setAttribute('aria-live', 'polite');
  setTimeout(() => {
    button.textContent = said;
  }, 2_000);
}

function showSelected(button: HTMLButtonElement, text: string): void {
  const shown = button.parentElement?.querySelector<HTMLTextAreaElement>('textarea.by-hand');
  const area = shown ?? document.createElement('textarea');
  area.className = 'by-hand';
  area.readOnly = true;
  area.setAttribute('aria-label', 'Text to copy');
  area.value = text;
  button.parentElement?.append(area);
  area.focus();
  area.select();
}
