/** An npm script put into a `package.json` whose other lines stay as they are: nobody's indents are changed. */

/** The text with the script; undefined where it has one of that name. `text` is valid JSON, an object. */
export function addScript(text: string, name: string, command: string): string | undefined {
  const manifest = JSON.parse(text) as { scripts?: Record<string, string> };
  if (manifest.scripts?.[name] !== undefined) return undefined;
  const line = `${JSON.stringify(name)}: ${JSON.stringify(command)}`;
  const indent = /^[\t ]+(?=")/m.exec(text)?.[0] ?? '  ';
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const scripts = topLevelValue(text, 'scripts');
  if (scripts !== undefined)
    return putFirst(text, scripts, line, `${eol}${indent}${indent}`, `${eol}${indent}`);
  const block = `"scripts": {${eol}${indent}${indent}${line}${eol}${indent}}`;
  return putFirst(text, text.indexOf('{'), block, `${eol}${indent}`, eol);
}

/** Puts an entry first into the object that opens at `open`; `closing` is for one that was empty. */
function putFirst(text: string, open: number, entry: string, separator: string, closing: string): string {
  const rest = text.slice(open + 1);
  const wasEmpty = rest.trimStart().startsWith('}');
  const after = wasEmpty ? `${closing}${rest.trimStart()}` : `,${rest}`;
  return `${text.slice(0, open + 1)}${separator}${entry}${after}`;
}

/** Where the object opens that a key of the outermost object has as its value. */
function topLevelValue(text: string, key: string): number | undefined {
  let depth = 0;
  for (const token of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]]/g)) {
    const [found] = token;
    if (found === '{' || found === '[') depth += 1;
    else if (found === '}' || found === ']') depth -= 1;
    else if (depth === 1 && JSON.parse(found) === key) {
      const value = /^\s*:\s*\{/.exec(text.slice(token.index + found.length));
      if (value) return token.index + found.length + value[0].length - 1;
    }
  }
  return undefined;
}
