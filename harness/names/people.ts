/** Whom a text is about: users, customers, machines by their ids. */
import { gap, isOrdinary, type Rule, value } from './rule.ts';

const userWord =
  '(?:user(?:[-_ ]?(?:names?|id))?|usr|uid|login|account(?:[-_]?(?:id|name))?|client[-_]?id|customer(?:[-_]?(?:id|name))?|tenant(?:[-_]?(?:id|name))?|org(?:ani[sz]ation)?(?:[-_]?(?:id|name))?|company|owner|e-?mail|sub|principal|member(?:[-_]?id)?|(?:first|last|full|display|real|sur|given|family)[-_ ]?name|author|assignee|operator|contact|phone|initial[-_ ]catalog|database|dbname|db|schema|bucket)';

const userField = new RegExp(`(?:^|[-_.]|[a-z](?=[A-Z]))${userWord}$`);

/** Whether a field of this name holds who somebody is. */
export const isPersonField = (name: string): boolean =>
  userField.test(name.replace(/^[A-Z]/, (first) => first.toLowerCase())) ||
  userField.test(name.toLowerCase());

const user =
  (keep: (word: string) => boolean = isOrdinary): Rule['replace'] =>
  (names, [all = '', key = '', between = '', word = '']) =>
    keep(word) ? all : `${key}${between}${names.of('user', word)}`;

export const peopleRules: readonly Rule[] = [
  {
    find: /(?<![\p{L}\p{N}.+_-])[\p{L}\p{N}.+_'-]{1,64}@(?!\d+\.\d)[\p{L}\p{N}][\p{L}\p{N}.-]{0,200}/gu,
    replace: (names, [all = '']) =>
      /^[a-z]+-\d+@|^[\w.]+@\d/.test(all) ? all : `${names.of('user', all)}@example.test`,
  },
  // MySQL’s accounts: 'user'@'host'.
  {
    find: /(["'`])([^"'`\s]{1,64})\1@(["'`])([^"'`\s]{1,255})\3/g,
    replace: (names, [, quote = '', account = '', , host = '']) =>
      `${quote}${names.of('user', account)}${quote}@${quote}${host === '%' ? host : names.host(host)}${quote}`,
  },
  {
    find: /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi,
    replace: (names, [all = '']) => names.of('id', all),
  },
  {
    find: new RegExp(`((?<![A-Za-z])${userWord}(?![A-Za-z]))(${gap})${value}`, 'gi'),
    replace: user(),
  },
  { find: /\b(user(?:name)? )(["'`‘“])([^"'`’”\n]{1,64})/gi, replace: user() },
  {
    find: /\b((?:for|by|as|signed in|logged in as|on behalf of|denied for) user )()([\w.-]{3,64})\b/gi,
    replace: user(),
  },
  {
    find: /\b((?:logged|signed) in as |on behalf of |\bsu(?:do)?(?: -u)? )()([\w.-]{3,64})\b/gi,
    replace: user(),
  },
  { find: /\b(?:user )(\d{5,})\b/gi, replace: (names, [, id = '']) => `user ${names.of('user', id)}` },
  // A domain of Windows, and who is in it.
  {
    find: /\b([A-Z][A-Z0-9-]{1,15})(\\{1,16})([\w.-]{2,64})\b(?!\\[^"'])/g,
    replace: (names, [, domain = '', slash = '', account = '']) =>
      `${names.of('name', domain)}${slash}${names.of('user', account)}`,
  },
  // What belongs to somebody, by its place in an address.
  {
    find: /(\/(?:users?|accounts?|customers?|tenants?|org(?:s|anizations?)?|teams?|members?|people|owners?|projects|workspaces|clients?|companies|~)\/)([^/\s"'?#:;,)]{2,128})/gi,
    replace: (names, [all = '', place = '', who = '']) =>
      /^(?::id|me|self|all|login|logout|register|report|status|list|search)$/i.test(who)
        ? all
        : `${place}${names.of('id', who)}`,
  },
  // No moment in time has so many digits, or begins so.
  {
    find: /(?<![\w.-])(?!1[4-9]\d{8}(?:\d{3}){0,3}\b)\d{11,40}(?![\w.])/g,
    replace: (names, [all = '']) => names.of('id', all),
  },
  { find: /\+\d[\d ()-]{7,20}\d\b/g, replace: (names, [all = '']) => names.of('id', all) },
];

/** Who stands in a sentence, after hosts are told from it. */
export const sentenceRules: readonly Rule[] = [
  {
    find: /\b((?:for|by|as|of|user|username|account|login|member|customer|tenant|owner)(?: user)?)(\s+)(["'`‘“]?[\w.-]*[\d.][\w.-]*(?<![.]))(?=$|[\s:,;)'"`’”\\])/gi,
    replace: user(
      (word) =>
        isOrdinary(word) ||
        /^["'`]?[\d.]+$|^\d+(?:ms|s|m|h|x)?$|-\d+(?:\.example)?$/.test(word) ||
        word.length < 3,
    ),
  },
];
