/**
 * A look at the structure of HTML or XML without a parser of either: good enough to see that nothing breaks out.
 */

/** Elements that HTML closes by itself. */
const selfClosing = new Set([
  'meta',
  'input',
  'br',
  'line',
  'rect',
  'use',
  'path',
  'circle',
  '!doctype',
  '?xml',
]);

/** Elements whose end tag the page leaves out on purpose. */
const optionalEnd = new Set(['tr', 'td', 'option']);

/** Tags, in order, that are opened and never closed, or closed and never opened; empty when all is well. */
export function openTags(markup: string): string[] {
  const open: string[] = [];
  const text = markup.replaceAll(/(<(script|style)[^>]*>)[\s\S]*?(<\/\2>)/g, '$1$3');
  for (const [tag, slash, name = '', attributes = ''] of text.matchAll(/<(\/?)([a-z!?][\w-]*)([^>]*)>/gi)) {
    const element = name.toLowerCase();
    if (selfClosing.has(element) || attributes.endsWith('/') || optionalEnd.has(element)) continue;
    if (slash === '') open.push(element);
    else if (open.at(-1) === element) open.pop();
    else return [...open, `unexpected ${tag}`];
  }
  return open;
}

/** Names of all attributes in the markup. */
export function attributeNames(markup: string): Set<string> {
  const tags = markup.matchAll(/<[a-z][\w-]*((?:\s+[\w-]+(?:=(?:"[^"]*"|[^\s">]+))?)*)\s*\/?>/gi);
  const names = [...tags].flatMap(([, attributes = '']) =>
    [...attributes.matchAll(/\s+([\w-]+)(?:=(?:"[^"]*"|[^\s">]+))?/g)].map(([, name]) => name ?? ''),
  );
  return new Set(names);
}
