/** The pairs of logfmt, `key=value`, values in quotes where they need them; what Go's kit, slog and logrus write. */

/** A pair; the value plain or in quotes. */
const pair = /^([A-Za-z_@][\w.@/-]*)=(?:"((?:[^"\\]|\\.)*)"?|([^\s"]*))(?:\s+|$)/s;

/** Pairs of a line that are read; more would be no log record. */
const mostPairs = 200;

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

/** The pairs that a line consists of, from its beginning to its end; undefined for any other line. */
export function readPairs(text: string): Readonly<Record<string, string>> | undefined {
  if (!/^[A-Za-z_@][\w.@/-]*=/.test(text)) return undefined;
  const found: [string, string][] = [];
  let rest = text.trimEnd();
  while (rest !== '' && found.length < mostPairs) {
    const [whole, key, quoted, plain] = pair.exec(rest) ?? [];
    if (whole === undefined || key === undefined) return undefined;
    found.push([key, quoted === undefined ? (plain ?? '') : unescaped(quoted)]);
    rest = rest.slice(whole.length);
  }
  return found.length < 2 ? undefined : Object.fromEntries(found);
}

const unescaped = (quoted: string): string =>
  quoted.includes('\\')
    ? quoted.replace(/\\(.)/gs, (_, letter: string) => escapes[letter] ?? letter)
    : quoted;
