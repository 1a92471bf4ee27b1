/**
 * A sentence of the lab's with its names in backticks, as HTML.
 */
import { html, type Markup } from './markup.ts';

/** `text` with what stands between two backticks as code. */
export function prose(text: string): Markup {
  const parts = text.split('`');
  const paired = parts.length % 2 === 1;
  if (!paired) return html`${text}`;
  return html`${parts.map((part, index) => (index % 2 === 1 ? html`<code class="said">${part}</code>` : part))}`;
}
