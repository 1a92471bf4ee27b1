/** What lets somebody in: passwords, tokens, keys, cookies, the queries of addresses. They are replaced whatever the reader asks for. */
import { gap, isOrdinary, type Rule, value } from './rule.ts';
import { hidesText, looksRandom } from './spelling.ts';

const secretWord =
  '(?:pass(?:word|wd|phrase|code)?|pwd|secret|token|api[-_ ]?key|access[-_ ]?key|private[-_ ]?key|account[-_ ]?key|(?:shared|license|encryption|signing|master)[-_ ]?(?:access[-_ ]?)?key|auth|credentials?|signature|sig|hmac|jwt|csrf|xsrf|otp|pin|session(?:[-_ ]?id)?|sess(?:id)?|sid|phpsessid|jsessionid|bearer|webhook)';

/** A field’s name that says that its value is secret. */
const secretField = new RegExp(
  `(?:^|[^A-Za-z]|[a-z])${secretWord}s?(?:[-_]?(?:key|hash|value|b64))?$|^(?:(?:proxy-)?authorization|(?:set-)?cookies?)$`,
  'i',
);

/** Whether a field of this name holds a secret. */
export const isSecretField = (name: string): boolean => secretField.test(name);

const token =
  (keep: (word: string) => boolean): Rule['replace'] =>
  (names, [all = '', key = '', between = '', word = '']) =>
    keep(word) ? all : `${key}${between}${names.of('token', word)}`;

export const secretRules: readonly Rule[] = [
  {
    find: /-----BEGIN [A-Z ]+-----[\s\S]*?(?:-----END [A-Z ]+-----|$)/g,
    replace: (names, [all = '']) => names.of('secret', all),
  },
  // A whole header: it may have several values.
  {
    find: new RegExp(
      String.raw`((?:proxy-)?authorization|(?:set-)?cookies?)(${gap})((?<=["'])[^"'\n]{2,}|[^"'\n]{2,})`,
      'gi',
    ),
    replace: token(isOrdinary),
  },
  {
    find: /\b(Bearer|Basic|Digest|Negotiate|Token|ApiKey|JWT|OAuth)([ \t]*\\?\n?[ \t]+|\n[ \t]*)([\w.~+/=:-]{4,})/gi,
    replace: token((word) => isOrdinary(word) || /^[a-z]{1,20}[.:]?$/.test(word)),
  },
  {
    find: /\beyJ[\w-]{8,}(?:\.[\w-]{4,})?(?:\.[\w-]*)?/g,
    replace: (names, [all = '']) => names.of('token', all),
  },
  // The query and the fragment of an address: what is in them is for the server alone.
  {
    find: /([\w)\]/])([?#])(?=[^\s"'<>]*=)([\w.~%[\]-]+=[^\s"'<>]*)/g,
    replace: (_names, [, before = '', mark = '']) => `${before}${mark}…`,
  },
  {
    find: new RegExp(String.raw`(${secretWord}(?![A-Za-z])[\w-]{0,20})(${gap})${value}`, 'gi'),
    replace: token(isOrdinary),
  },
  // On a command line, and in a sentence.
  {
    find: new RegExp(
      String.raw`((?<![\w-])--?[\w-]{0,30}${secretWord}(?![A-Za-z]{2})[\w-]{0,10})(\s+["']?)([^\s"']{2,})`,
      'gi',
    ),
    replace: token((word) => word.startsWith('-')),
  },
  {
    find: new RegExp(
      String.raw`\b(${secretWord})(\s+(?:is|was|of|as)?\s*["'“‘]?)(?=[^\s"']*\d)([^\s"',;)”’]{4,})`,
      'gi',
    ),
    replace: token((word) => isOrdinary(word) || /^\d+$/.test(word)),
  },
  { find: /\b(identified by)(\s+["'])([^"'\n]+)/gi, replace: token(() => false) },
  { find: /(\bmysql\w*\b[^\n]{0,200}?\s)(-p)([^\s"']+)/g, replace: token(() => false) },
  {
    find: /\b(?:AKIA|ASIA)[A-Z0-9]{12,}|\bgh[pousr]_\w{20,}|\bxox[abprs]-[\w-]{8,}|\bsk[-_](?:live|test|ant)?[-_\w]{16,}|\bglpat-[\w-]{10,}|\bAIza[\w-]{30,}/g,
    replace: (names, [all = '']) => names.of('token', all),
  },
  // Who signs in by an address, with or without a password: a URL, the name of a data source.
  {
    find: /\b(\w[\w+.-]{1,30}:\/\/)([^\s/?#"'<>:]{1,128})(?::([^\s/?#"'<>]{0,256}))?@/g,
    replace: (names, [, scheme = '', user = '', password]) =>
      `${scheme}${names.of('user', user)}${password === undefined ? '' : `:${names.of('token', password)}`}@`,
  },
  {
    find: /(?<![\w/])([\w.+-]{1,64}):([^\s@"'/]{1,128})@(?=[\w([])/g,
    replace: (names, [, user = '', password = '']) =>
      `${names.of('user', user)}:${names.of('token', password)}@`,
  },
  {
    find: /(?<![\w+/=.-])(?![0-9a-f]{8}-[0-9a-f]{4}-)(?=[\w+/=-]*[A-Za-z])[A-Za-z0-9+/_=-]{10,512}(?![\w+/=])/g,
    replace: (names, [all = '']) => (isKey(all) ? names.of('token', all) : all),
  },
  {
    find: /\b([A-Za-z0-9]{4,10})(?:\.\.\.|…)([A-Za-z0-9]{3,8})\b/g,
    replace: (names, [all = '']) => names.of('token', all),
  },
];

const isKey = (word: string): boolean => {
  if (word.startsWith('/')) return false;
  return (
    looksRandom(word) ||
    hidesText(word) ||
    (/^[A-Za-z0-9]{24,}$/.test(word) && /\d/.test(word) && !isWordy(word))
  );
};

/** Words and a number here and there, as names of types have them. */
const isWordy = (text: string): boolean => /^(?:[A-Z]?[a-z]+\d{0,2}|[A-Z]+)+$/.test(text);
