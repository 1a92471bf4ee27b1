/**
 * Buttons that copy: a text, or a link to a part of the page. Without JavaScript they are not there.
 */
import { html, type Markup } from './markup.ts';

/** Copies `text`. */
export function copyButton(text: string): Markup {
  return html`<button type="button" class="copy js" data-copy="${text}">Copy</button>`;
}

/** Copies the page's address with `anchor`; `what` is for those who do not see where the button stands. */
export function linkButton(anchor: string, what: string): Markup {
  return html`<button type="button" class="link js" data-link="${anchor}" aria-label="Copy link to ${what}">Copy link</button>`;
}
