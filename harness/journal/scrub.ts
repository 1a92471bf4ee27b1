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

/** Shorter forms would be found in texts that have nothing to do with the secret. */
const shortestForm = 6;

/**
 * The ways in which a secret is usually spelt in a log: as it is, escaped in JSON, URL-encoded, in hexadecimal, and in
 * base64 or base64url, alone or as a part of what was encoded (`user:password` in an Authorization header).
 */
export function spellings(value: string): string[] {
  const bytes = Buffer.from(value);
  const encoded = [
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value),
    bytes.toString('hex'),
    ...base64Cores(bytes),
  ];
  return [...new Set([value, ...encoded.filter((form) => form.length >= shortestForm)])];
}

/** The characters that bytes give in base64 wherever they stand: for each of three alignments, those of them alone. */
function base64Cores(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((offset) => {
    const end = Math.floor(((offset + bytes.length) * 8) / 6);
    const padded = Buffer.concat([Buffer.alloc(offset), bytes]);
    const from = offset === 0 ? 0 : offset + 1;
    return [padded.toString('base64').slice(from, end), padded.toString('base64url').slice(from, end)];
  });
}

function scrubValue(value: Json | undefined, forms: { form: string; mark: string }[]): Json | undefined {
  if (typeof value === 'string') {
    return forms.reduce((text, { form, mark }) => text.replaceAll(form, mark), value);
  }
  if (Array.isArray(value)) return value.map((item: Json) => scrubValue(item, forms) ?? null);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, scrubValue(item, forms)]));
}
