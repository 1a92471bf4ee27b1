/**
 * Which texts are wording: sentences that people read, in log records and errors. Mutants that empty them are not drawn.
 * What a record has to say is judged by its fields, and by the words that a field report asks for.
 */

const word = /^[("“]?\p{L}[\p{L}'’-]*[)"”,.:;!?]*$/u;
const sql = /^\s*(SELECT|INSERT|UPDATE|DELETE|REPLACE|CREATE|ALTER|SET|START|KILL|SHOW|DO)\b/;

/** The call of a logging method, or of an error's constructor, that is not closed yet. */
const telling = /(?:\.(?:trace|debug|info|warn|error|fatal|write)|\bsuper|\bnew \w+)\([^;]*$/;

/**
 * Whether a literal in the source is wording: three words or more; two parts with a word where it is passed on to be read,
 * which `before`, the text of its line up to it, shows. SQL is none.
 */
export function isWording(literal: string, before: string): boolean {
  const text = literal.slice(1, -1).replaceAll(/\$\{[^}]*\}/g, '…');
  if (sql.test(text)) return false;
  const parts = text.split(/\s+/).filter((part) => part !== '');
  const words = parts.filter((part) => word.test(part)).length;
  return words >= 3 || (words >= 1 && parts.length >= 2 && telling.test(before));
}
