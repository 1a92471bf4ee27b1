/** A line of a log as recognisers get it: colours are taken off, and JSON in it is parsed once for all of them. */

/** A JSON object. */
export type Fields = Readonly<Record<string, unknown>>;

/** Objects that are nested deeper are no log records, and would overflow whoever walks through them. */
const deepest = 64;

/** A line without its end. */
export class LogLine {
  readonly text: string;
  /** Whether its end is missing because it was too long. */
  readonly isCut: boolean;
  #json: Fields | undefined | null = null;

  constructor(text: string, isCut = false) {
    this.text = text;
    this.isCut = isCut;
  }

  /** The JSON object that the line is; undefined for any other line. Of one that was cut, the fields that were whole. */
  get json(): Fields | undefined {
    if (this.#json === null) this.#json = this.#parse();
    return this.#json;
  }

  #parse(): Fields | undefined {
    const text = this.text.trim();
    if (!text.startsWith('{') || !isShallow(text)) return undefined;
    return parse(text.endsWith('}') ? text : '') ?? (this.isCut ? parse(wholeFields(text)) : undefined);
  }
}

function parse(text: string): Fields | undefined {
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as Fields;
  } catch {
    return undefined;
  }
}

/** Walks through JSON text; `see` gets the index and depth of each bracket and comma outside of strings. */
function walk(text: string, see: (index: number, depth: number) => boolean): void {
  let depth = 0;
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (quoted) {
      if (code === 0x5c) index += 1;
      else if (code === 0x22) quoted = false;
    } else if (code === 0x22) quoted = true;
    else if (code === 0x7b || code === 0x5b) depth += 1;
    else if (code === 0x7d || code === 0x5d) depth -= 1;
    else if (code !== 0x2c) continue;
    if (!quoted && !see(index, depth)) return;
  }
}

function isShallow(text: string): boolean {
  let shallow = true;
  walk(text, (_index, depth) => {
    shallow = depth <= deepest;
    return shallow;
  });
  return shallow;
}

/** The object up to its last whole field, closed there. */
function wholeFields(text: string): string {
  let end = 0;
  walk(text, (index, depth) => {
    if (depth === 1 && text[index] === ',') end = index;
    return true;
  });
  return end === 0 ? '' : `${text.slice(0, end)}}`;
}
