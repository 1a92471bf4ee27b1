/** The ways in which names are spelt in logs, and what tells a key from a word. */

/** Characters that are not seen, and would part a name in two (Unicode, UTS 39). */
const unseen = /[\u00ad\u200b-\u200f\u2060\ufeff]|\p{Cc}\[[\d;]*[A-Za-z]/gu;
const escaped = /\\u00([2-7][0-9a-f])|\\x([2-7][0-9a-f])|\\(\/)/gi;
const percentEncoded = /[^\s"'<>]*%[0-9a-f]{2}[^\s"'<>]*/gi;
/** What is encoded twice is decoded twice. */
const mostDecoding = 3;

/** The text as it is read: without percent-encoding (RFC 3986), escapes of JSON and of JavaScript, and characters that nobody sees. */
export function plainSpelling(text: string): string {
  return text
    .replace(unseen, '')
    .replace(escaped, (_all, json?: string, js?: string) => character(json ?? js))
    .replace(percentEncoded, decoded);
}

const character = (hex: string | undefined): string =>
  hex === undefined ? '/' : String.fromCharCode(Number.parseInt(hex, 16));

function decoded(word: string): string {
  let plain = word;
  for (let times = 0; times < mostDecoding && /%[0-9a-f]{2}/i.test(plain); times += 1)
    plain = plain.replace(/(?:%[0-9a-f]{2})+/gi, (bytes) =>
      Buffer.from(bytes.replaceAll('%', ''), 'hex').toString(),
    );
  return plain.replace(/\p{Cc}+/gu, ' ');
}

/** Whether a word changes between letters, digits and cases as keys and hashes do, and words with a number do not. */
export function looksRandom(word: string): boolean {
  const text = word.replace(/[-_+/=]/g, '');
  if (text.length < 10 || /^\d{8}T\d{6}/.test(text)) return false;
  let cases = 0;
  let kinds = 0;
  for (let at = 1; at < text.length; at += 1) {
    const [one, next] = [classOf(text[at - 1] ?? ''), classOf(text[at] ?? '')];
    if (one === next) continue;
    if (one === 'digit' || next === 'digit') kinds += 1;
    else if (one === 'lower') cases += 1;
  }
  const few = kinds >= 3 && kinds / text.length >= 0.15;
  return few || (text.length >= 20 && (kinds + cases) / text.length >= 0.22);
}

const classOf = (one: string): 'digit' | 'upper' | 'lower' =>
  one >= '0' && one <= '9' ? 'digit' : one >= 'A' && one <= 'Z' ? 'upper' : 'lower';

/** Whether a word is base64 (RFC 4648) of readable text: `user:password` of Basic authentication, a token’s own JSON. */
export function hidesText(word: string): boolean {
  const core = word.replace(/=+$/, '');
  if (core.length < 8 || core.length % 4 === 1 || !/[A-Z]/.test(core) || !/[a-z]/.test(core)) return false;
  const text = Buffer.from(core.replaceAll('-', '+').replaceAll('_', '/'), 'base64').toString('latin1');
  // Words of a language come to readable text by chance, the shorter the likelier.
  return core.length < 16 ? /^[\w.@-]{2,}:[ -~]{2,}$/.test(text) : /^[ -~\s]+$/.test(text);
}
