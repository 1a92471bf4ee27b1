/** The ways in which a secret is spelt where it should not be (R3.5): those that can be listed, and those that have to be read. */
import { plainSpelling } from '../names/spelling.ts';

/** Shorter forms would be found in texts that have nothing to do with the secret. */
const shortestForm = 6;

/**
 * The ways in which a secret is usually spelt in a log: as it is, escaped in JSON, URL-encoded, byte by byte in hexadecimal or
 * decimal numbers, and in base64 or base64url (RFC 4648), alone or as a part of what was encoded (`user:password` in an
 * Authorization header).
 */
export function spellings(value: string): string[] {
  const bytes = Buffer.from(value);
  const encoded = [
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value),
    ...inHex(bytes),
    ...[',', ', '].map((between) => [...bytes].join(between)),
    ...base64Cores(bytes),
  ];
  return [...new Set([value, ...encoded.filter((form) => form.length >= shortestForm)])];
}

/** With nothing between the bytes, or what inspectors and dumps put there. */
function inHex(bytes: Buffer): string[] {
  const pairs = bytes.toString('hex').match(/../g) ?? [];
  const forms = ['', ' ', ':', '-'].map((between) => pairs.join(between));
  return forms.flatMap((form) => [form, form.toUpperCase()]);
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

/**
 * A text as it is read, where that is another: any characters of it may be percent-encoded (RFC 3986), once or twice, or
 * escaped as JSON and JavaScript do, so that the forms of a secret cannot be listed.
 */
export function decodedText(text: string): string | undefined {
  if (!/%[0-9a-f]{2}|\\[ux]/i.test(text)) return undefined;
  const plain = plainSpelling(text);
  return plain === text ? undefined : plain;
}

/** The most characters that one of a text becomes when it is escaped: `\u0074`. */
export const longestEscape = 6;
