/**
 * HTML as a tagged template in which every interpolated text is escaped. Text of subjects comes from programs under
 * test and may hold anything; only a `Markup`, which this template alone makes, goes in as it stands.
 */
import { visible } from '../text.ts';

/** A piece of HTML that is safe to put into a page. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template: false, null and undefined are nothing, lists are put end to end. */
export type Content = Markup | string | number | false | null | undefined | readonly Content[];

/** HTML from a template; also for SVG inside it. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Markup {
  let text = strings[0] ?? '';
  values.forEach((value, index) => {
    text += render(value) + strings[index + 1];
  });
  return new Markup(text);
}

/** Nothing. */
export const nothing = new Markup('');

/** `text` as HTML content or attribute value. */
export function escapeHtml(text: string): string {
  return visible(text)
    .toWellFormed()
    .replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function render(value: Content): string {
  if (value instanceof Markup) return value.text;
  if (typeof value === 'string') return escapeHtml(value);
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return value.map(render).join('');
  return '';
}
