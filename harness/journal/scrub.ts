/**
 * Keeps planted secrets out of what the lab writes, and leaves a mark where one stood.
 */
import type { Json, JsonObject } from './entry.ts';
import { decodedText, spellings } from './secret-forms.ts';

/** The mark that stands where a planted secret was found. */
export const plantedMark = (name: string): string => `[planted secret: ${name}]`;

export interface Scrubber {
  plant(name: string, value: string): void;
  scrub(entry: JsonObject): JsonObject;
}

/** A scrubber without secrets; they are planted as a scenario makes them. */
export function createScrubber(): Scrubber {
  const forms: Form[] = [];
  return {
    plant(name, value) {
      for (const form of spellings(value)) forms.push({ form, mark: plantedMark(name) });
      forms.sort((a, b) => b.form.length - a.form.length);
    },
    scrub: (entry) => (forms.length === 0 ? entry : (scrubValue(entry, forms) as JsonObject)),
  };
}

interface Form {
  readonly form: string;
  readonly mark: string;
}

function scrubText(text: string, forms: readonly Form[]): string {
  const scrubbed = marked(text, forms);
  const decoded = decodedText(scrubbed);
  if (decoded === undefined) return scrubbed;
  const found = marked(decoded, forms);
  return found === decoded ? scrubbed : found;
}

const marked = (text: string, forms: readonly Form[]): string =>
  forms.reduce((rest, { form, mark }) => rest.replaceAll(form, mark), text);

function scrubValue(value: Json | undefined, forms: readonly Form[]): Json | undefined {
  if (typeof value === 'string') return scrubText(value, forms);
  if (Array.isArray(value)) return value.map((item: Json) => scrubValue(item, forms) ?? null);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([key, item]) => [scrubText(key, forms), scrubValue(item, forms)]);
  return Object.fromEntries(fields);
}
