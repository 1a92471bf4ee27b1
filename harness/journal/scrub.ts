/**
 * Keeps planted secrets out of what the lab writes, and leaves a mark where one stood.
 */
import type { Json, JsonObject } from './entry.ts';

/** The mark that stands where a planted secret was found. */
export const plantedMark = (name: string): string => `[planted secret: ${name}]`;

export interface Scrubber {
  plant(name: string, value: string): void;
  scrub(entry: JsonObject): JsonObject;
}

/** A scrubber without secrets; they are planted as a scenario makes them. */
export function createScrubber(): Scrubber {
  const forms: { form: string; mark: string }[] = [];
  return {
    plant(name, value) {
      for (const form of spellings(value)) forms.push({ form, mark: plantedMark(name) });
      forms.sort((a, b) => b.form.length - a.form.length);
    },
    scrub: (entry) => (forms.length === 0 ? entry : (scrubValue(entry, forms) as JsonObject)),
  };
}

/** The ways in which a secret is usually spelt in a log: as it is, URL-encoded, base64 and base64url. */
export function spellings(value: string): string[] {
  const bytes = Buffer.from(value);
  const base64 = bytes.toString('base64').replace(/=+$/, '');
  return [...new Set([value, encodeURIComponent(value), base64, bytes.toString('base64url')])];
}

function scrubValue(value: Json | undefined, forms: { form: string; mark: string }[]): Json | undefined {
  if (typeof value === 'string') {
    return forms.reduce((text, { form, mark }) => text.replaceAll(form, mark), value);
  }
  if (Array.isArray(value)) return value.map((item: Json) => scrubValue(item, forms) ?? null);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, scrubValue(item, forms)]));
}
