/**
 * Takes secrets, and what could drive a terminal, out of what a diagnosis says. Servers quote in their answers what they were
 * sent.
 */
import { spellings } from '../journal/secret-forms.ts';
import { clip, oneLine } from '../report/text.ts';
import type { Finding } from './step.ts';
import type { Target } from './target.ts';

const longestText = 600;
/** Shorter ones are found in every sentence, and no secrets. */
const shortestSecret = 4;

/** Masks each text of a finding by value, in every usual spelling. */
export function createMask({ token, database }: Target): (finding: Finding) => Finding {
  const forms = [...formsOf(token?.value, '[token]'), ...formsOf(database?.password, '[password]')].sort(
    (a, b) => b.form.length - a.form.length,
  );
  const text = (value: string): string =>
    clip(
      oneLine(forms.reduce((masked, { form, mark }) => masked.replaceAll(form, mark), value)),
      longestText,
    );
  return (finding) => maskAll(finding, text) as Finding;
}

function formsOf(secret: string | undefined, mark: string): { form: string; mark: string }[] {
  if (secret === undefined || secret.length < shortestSecret) return [];
  return spellings(secret).map((form) => ({ form, mark }));
}

function maskAll(value: unknown, text: (value: string) => string): unknown {
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value)) return value.map((item) => maskAll(item, text));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, maskAll(item, text)]));
}
