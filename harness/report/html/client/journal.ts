/**
 * The journals in the page, unpacked when somebody looks at them. How they are packed: journal-data.ts.
 */
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { Lane } from '../lane.ts';
import { type PackedLane, unpackLane } from '../lane-rows.ts';
import { Lines } from './lines.ts';

/** The lanes of an axis, and who struck whom, by the numbers of entries. */
export interface Lanes {
  readonly lanes: readonly Lane[];
  /** Strikes by the entry that they struck. */
  readonly strikesOn: ReadonlyMap<number, readonly number[]>;
  /** Struck entries by the strike. */
  readonly struckBy: ReadonlyMap<number, readonly number[]>;
}

/** One subject's journal; each part is unpacked once. */
export class PageJournal {
  readonly key: string;
  #lanes: Promise<Lanes> | undefined;
  #rows: Promise<Lines> | undefined;
  #log: Promise<Lines> | undefined;

  constructor(key: string) {
    this.key = key;
  }

  lanes(): Promise<Lanes> {
    this.#lanes ??= unpacked('lanes', this.key).then(readLanes);
    return this.#lanes;
  }

  rows(): Promise<Lines> {
    this.#rows ??= unpacked('rows', this.key).then((text) => new Lines(text));
    return this.#rows;
  }

  log(): Promise<Lines> {
    this.#log ??= unpacked('log', this.key).then((text) => new Lines(text));
    return this.#log;
  }
}

async function unpacked(part: string, key: string): Promise<string> {
  const template = document.querySelector<HTMLTemplateElement>(`template[data-${part}="${key}"]`);
  const packed = template?.content.textContent ?? '';
  if (packed === '') return '';
  const bytes = bytesOf(packed);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Response(stream).text();
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

/** As journal-data.ts writes it: an entry's number and those of its strikes. */
type StruckRow = readonly number[];

interface PackedLanes {
  readonly lanes: readonly PackedLane[];
  readonly struck: readonly StruckRow[];
}

function readLanes(text: string): Lanes {
  const { lanes, struck } = JSON.parse(text) as PackedLanes;
  const struckBy = new Map<number, number[]>();
  const strikesOn = new Map<number, number[]>();
  for (const row of struck) {
    const [n, strikes] = [row[0] ?? 0, row.slice(1)];
    strikesOn.set(n, strikes);
    for (const strike of strikes) {
      const others = struckBy.get(strike);
      if (others) others.push(n);
      else struckBy.set(strike, [n]);
    }
  }
  return { lanes: lanes.map(unpackLane), strikesOn, struckBy };
}
