/** Patterns in which `*` is any text, of any length. */

/** Whether all of a text fits a pattern. */
export function matchesGlob(pattern: string, text: string): boolean {
  const [head = '', ...tail] = pattern.split('*');
  const last = tail.pop();
  if (last === undefined) return pattern === text;
  if (text.length < head.length + last.length || !text.startsWith(head) || !text.endsWith(last)) return false;

  const middle = text.slice(head.length, text.length - last.length);
  let at = 0;
  return tail.every((piece) => {
    const found = middle.indexOf(piece, at);
    at = found + piece.length;
    return found >= 0;
  });
}
