/**
 * The journals in the page, unpacked when somebody looks at them. How they are packed: journal-data.ts.
 */
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { type AxisData, unpackLanes } from '../packed-lanes.ts';
import { type Block, Lines } from './lines.ts';
import { turnTaker } from './turns.ts';

/** One subject's journal; each part is unpacked once. */
export class PageJournal {
  readonly key: string;
  #axis: Promise<AxisData> | undefined;
  #rows: Lines | undefined;
  #log: Lines | undefined;

  constructor(key: string) {
    this.key = key;
  }

  /** The lanes of the axis, and who struck whom. */
  axis(): Promise<AxisData> {
    this.#axis ??= readAxis(this.#content('lanes')?.textContent ?? '');
    return this.#axis;
  }

  get rows(): Lines {
    this.#rows ??= linesIn(this.#content('rows'));
    return this.#rows;
  }

  get log(): Lines {
    this.#log ??= linesIn(this.#content('log'));
    return this.#log;
  }

  #content(part: string): DocumentFragment | undefined {
    return document.querySelector<HTMLTemplateElement>(`template[data-${part}="${this.key}"]`)?.content;
  }
}

async function readAxis(packed: string): Promise<AxisData> {
  const steps = unpackLanes(new Uint8Array(await unpacked(packed).arrayBuffer()));
  const turn = turnTaker();
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) return step.value;
    await turn();
  }
}

function linesIn(content: DocumentFragment | undefined): Lines {
  const blocks = [...(content?.querySelectorAll<HTMLElement>('[data-lines]') ?? [])];
  return new Lines(blocks.map(blockOf));
}

function blockOf(element: HTMLElement): Block {
  const { lines, n, t } = element.dataset;
  const unpack = () => unpacked(element.textContent).text();
  return { lines: Number(lines), n: Number(n), t: Number(t), unpack };
}

/** Written by hand: a stream from a Blob would go by way of another process. */
function unpacked(packed: string): Response {
  const { readable, writable } = new DecompressionStream('deflate-raw');
  const writer = writable.getWriter();
  void writer.write(bytesOf(packed));
  void writer.close();
  return new Response(readable);
}

/** Not every browser has the quick way yet. */
function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const { fromBase64 } = Uint8Array as { fromBase64?: (text: string) => Uint8Array<ArrayBuffer> };
  if (fromBase64) return fromBase64.call(Uint8Array, base64);
  const letters = atob(base64);
  const bytes = new Uint8Array(letters.length);
  for (let index = 0; index < letters.length; index += 1) bytes[index] = letters.charCodeAt(index);
  return bytes;
}
