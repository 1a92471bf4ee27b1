/** Values as TypeScript, as somebody would have written them. */

/** What can be written: JSON, without what is undefined. */
export type Writable =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly Writable[]
  | { readonly [key: string]: Writable };

const widest = 100;

/** `value` as an expression that begins at column `indent`. */
export function written(value: Writable, indent = 0): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value !== 'object' || value === null) return grouped(value);
  const isList = Array.isArray(value);
  const parts = isList
    ? (value as readonly Writable[]).map((item) => written(item, indent + 2))
    : Object.entries(value as { readonly [key: string]: Writable })
        .filter(([, item]) => item !== undefined)
        .map(([name, item]) => `${keyText(name)}: ${written(item, indent + 2)}`);
  if (parts.length === 0) return isList ? '[]' : '{}';
  const line = isList ? `[${parts.join(', ')}]` : `{ ${parts.join(', ')} }`;
  if (line.length + indent <= widest && !line.includes('\n')) return line;
  const [open, close] = isList ? ['[', ']'] : ['{', '}'];
  const inner = ' '.repeat(indent + 2);
  return `${open}\n${parts.map((part) => `${inner}${part},\n`).join('')}${' '.repeat(indent)}${close}`;
}

/** A name as the key of an object. */
export const keyText = (name: string): string => (/^[a-z_$][\w$]*$/i.test(name) ? name : quoted(name));

/** A text in single quotes that can neither end early nor hide a line end. */
export function quoted(text: string): string {
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${escaped.replaceAll(/[\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (one) => `\\u${one.charCodeAt(0).toString(16)}`)}'`;
}

/** Text that cannot end the comment that it stands in. */
export function commentText(text: string): string {
  return text.replaceAll('*/', '* /').replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ');
}

/** Thousands apart, as this project writes them. */
function grouped(value: number | boolean | null | undefined): string {
  if (typeof value !== 'number' || !Number.isInteger(value) || Math.abs(value) < 1_000) return String(value);
  return String(value).replaceAll(/\B(?=(\d{3})+$)/g, '_');
}
