/**
 * Light or dark: as the reader's system has it, or as the reader says.
 */
import { scriptBeside } from './browser-script.ts';
import { html, type Markup } from './markup.ts';

/** Stands in the head, so that a page never flashes in the other theme. */
export const themeScript = scriptBeside(import.meta.url, './client/theme');

/** The button that {@link themeScript} makes work. */
export function themeToggle(): Markup {
  return html`<button type="button" class="theme js" id="theme">Theme: system</button>`;
}
