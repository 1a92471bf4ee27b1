/**
 * Keeps secrets out of whatever leaves the agent (R3.5). Two nets, because each has holes: by key, for fields whose
 * name says what they hold, and by value, for a known secret wherever it turns up and however it is encoded.
 */

/** The text that replaces a secret. */
export const redacted = '[redacted]';

/** Keys whose values are never shown; a `tokenPreview` has been made safe already. */
const secretKey =
  /(authorization|token|passw(or)?d|pwd|secret|credential|cookie|api[-_]?key|private[-_]?key)/i;
const safeKey = /preview$/i;

/** Secrets that give themselves away by what stands before them. */
const giveaways: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer|Basic)\s+[^\s"'\\,;]+/gi, `$1 ${redacted}`],
  [/\b([a-z][a-z0-9+.-]*:\/\/[^\s/:@"']*):[^\s/@"']+@/gi, `$1:${redacted}@`],
  [/\b(password|passwd|pwd|secret|access_token|token|api_?key)=[^\s&"'\\,;]+/gi, `$1=${redacted}`],
];

/** Shorter strings are no secrets: replacing them everywhere would only garble the log. */
const shortestSecret = 6;

/** Replaces secrets in texts and in whole records. */
export interface Redactor {
  /** The text without the secrets, whatever their encoding. */
  text(text: string): string;
  /** Whether the value of a field with this name must not be shown. */
  hidesKey(key: string): boolean;
}

/** A redactor that knows the given secrets by value. */
export function createRedactor(secrets: readonly string[]): Redactor {
  const known = secrets.filter((secret) => secret.length >= shortestSecret).flatMap(encodings);
  const needles = [...new Set(known)].sort((a, b) => b.length - a.length);
  return {
    text: (text) => replaceGiveaways(replaceAll(text, needles)),
    hidesKey: (key) => secretKey.test(key) && !safeKey.test(key),
  };
}

/**
 * A token as it may be shown, so that two can be told apart: `abc12345...xyz9` (R2.3). A token too short to hide
 * enough of itself is not shown at all.
 */
export function previewToken(token: string): string {
  if (token === '') return '(not set)';
  return token.length < 20 ? '***' : `${token.slice(0, 8)}...${token.slice(-4)}`;
}

function replaceAll(text: string, needles: readonly string[]): string {
  return needles.reduce((result, needle) => result.replaceAll(needle, redacted), text);
}

function replaceGiveaways(text: string): string {
  return giveaways.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), text);
}

/** The forms in which a secret travels: as it is, escaped, URL-encoded, in hexadecimal, in base64. */
function encodings(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    bytes.toString('hex'),
    ...base64Cores(bytes),
  ].filter((form) => form.length >= shortestSecret);
}

/**
 * Base64 of a secret inside a longer text depends on what stands around it. What does not depend on it, for each
 * of the three ways the secret can be aligned, are the characters made of its own bytes alone.
 */
function base64Cores(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((offset) => {
    const padded = Buffer.concat([Buffer.alloc(offset), bytes]);
    const first = offset === 0 ? 0 : offset + 1;
    const core = padded.toString('base64').slice(first, Math.floor((padded.length * 8) / 6));
    return [core, core.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
