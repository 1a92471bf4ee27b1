/**
 * Lets clients in while other connections are busy. The system hands out one waiting client in each turn of the event loop,
 * and lets every connection read up to 32 buffers in one: beside a hundred busy connections new clients waited for seconds.
 */

/** Something that reads on its own until it has to wait. */
interface Reader {
  /** Reads on. */
  readOn(): void;
}

/** For so many turns in a row busy connections wait. */
const mostWaits = 8;

const waiting = new Set<Reader>();
let admitting = false;
let another = false;
let waits = 0;

/** A client was taken in, and others may be waiting: busy connections wait until none comes in a turn. */
export function clientAdmitted(): void {
  another = true;
  if (admitting) return;
  admitting = true;
  setImmediate(turn);
}

/** Asked by a reader that got a full buffer; false when it has to wait, and is told to read on later. */
export function mayReadOn(reader: Reader): boolean {
  if (admitting) waiting.add(reader);
  return !admitting;
}

function turn(): void {
  if (another && waits < mostWaits) {
    another = false;
    waits += 1;
    setImmediate(turn);
    return;
  }
  admitting = false;
  another = false;
  waits = 0;
  const readers = [...waiting];
  waiting.clear();
  for (const reader of readers) reader.readOn();
}
