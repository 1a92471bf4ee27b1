/**
 * Dialogues that were bent frame by frame: each frame's header says how long it is, so that a reader gets far enough to
 * believe what the frame says. What a peer does that counts wrongly, rather than one whose bytes were damaged.
 */
import { clientPreface } from '../../proxy/protocols/http2-recognition.ts';
import { readHeader, writeHeader } from '../../proxy/protocols/websocket-frames.ts';
import type { Message } from '../contract/proxy/samples/sample.ts';
import fc from '../support/fast-check.ts';

/** How a protocol frames its bytes. */
interface Framing {
  /** Bytes of the header that begins there, and of what follows it; undefined where none is. */
  measure(bytes: Buffer): { readonly header: number; readonly payload: number } | undefined;
  /** Places in a header that say something other than a length. */
  readonly telling: readonly number[];
  /** The header with another length. */
  resized(header: Buffer, payload: number): Buffer;
}

const fixed = (
  header: number,
  telling: readonly number[],
  at: number,
  bytes: number,
  little = false,
): Framing => ({
  measure: (frame) => {
    if (frame.length < header) return undefined;
    return { header, payload: little ? frame.readUIntLE(at, bytes) : frame.readUIntBE(at, bytes) };
  },
  telling,
  resized: (old, payload) => {
    const changed = Buffer.from(old);
    if (little) changed.writeUIntLE(payload, at, bytes);
    else changed.writeUIntBE(payload, at, bytes);
    return changed;
  },
});

const framings: Readonly<Record<string, Framing>> = {
  http2: fixed(9, [3, 4, 5, 8], 0, 3),
  tls: fixed(5, [0, 1, 2], 3, 2),
  mysql: fixed(4, [3], 0, 3, true),
  websocket: {
    measure: (bytes) => {
      const read = readHeader(bytes);
      return read && { header: read.headerBytes, payload: read.length };
    },
    telling: [0],
    resized: (old, length) => {
      const read = readHeader(old);
      return read ? writeHeader({ ...read, length }) : old;
    },
  },
};

/** What is not framed as the rest: the beginnings of HTTP/2 and of WebSocket. */
function unframed(bytes: Buffer): number {
  if (bytes.subarray(0, clientPreface.length).equals(clientPreface)) return clientPreface.length;
  return /^(?:GET|HTTP)/.test(bytes.toString('latin1', 0, 4)) ? bytes.length : 0;
}

/** The pieces of a message; those that are no whole frame have no header. */
interface Piece {
  header: Buffer;
  payload: Buffer;
}

const nothing = Buffer.alloc(0);

function split(bytes: Buffer, framing: Framing): Piece[] {
  const first = unframed(bytes);
  const pieces: Piece[] = first > 0 ? [{ header: nothing, payload: bytes.subarray(0, first) }] : [];
  for (let rest = bytes.subarray(first); rest.length > 0; ) {
    const { header, payload } = framing.measure(rest) ?? { header: 0, payload: rest.length };
    pieces.push({ header: rest.subarray(0, header), payload: rest.subarray(header, header + payload) });
    rest = rest.subarray(header + payload);
  }
  return pieces;
}

/** A text in lines is bent line by line. */
const lines = (bytes: Buffer): Piece[] =>
  bytes
    .toString('latin1')
    .split(/(?<=\n)/)
    .map((line) => ({ header: nothing, payload: Buffer.from(line, 'latin1') }));

const bend = fc.record({
  how: fc.constantFrom('resize', 'tell', 'drop', 'double', 'swap', 'value', 'split'),
  message: fc.nat(),
  frame: fc.nat(),
  /** Few bytes are where frames go wrong. */
  length: fc.oneof(fc.nat({ max: 12 }), fc.nat({ max: 300 })),
  value: fc.oneof(fc.constantFrom(0, 1, 0x7f, 0x80, 0xff), fc.nat({ max: 255 })),
});
type Bend = typeof bend extends fc.Arbitrary<infer T> ? T : never;

function apply(pieces: Piece[], { how, frame, length, value }: Bend, framing: Framing | undefined): void {
  const at = frame % pieces.length;
  const piece = pieces[at];
  if (!piece) return;
  const { header, payload } = piece;
  const resize = (to: Buffer): Piece => ({
    header: header.length > 0 ? (framing?.resized(header, to.length) ?? header) : header,
    payload: to,
  });
  if (how === 'drop') pieces.splice(at, 1);
  else if (how === 'double') pieces.splice(at, 0, { header, payload });
  else if (how === 'swap') pieces.push(...pieces.splice(at, 1));
  else if (how === 'resize')
    pieces[at] = resize(Buffer.concat([payload, Buffer.alloc(300)]).subarray(0, length));
  else if (how === 'split') {
    const cut = length % (payload.length + 1);
    pieces.splice(at, 1, resize(payload.subarray(0, cut)), resize(payload.subarray(cut)));
  } else if (how === 'value') {
    piece.payload = Buffer.from(payload);
    if (payload.length > 0) piece.payload[length % payload.length] = value;
  } else if (header.length > 0) {
    piece.header = Buffer.from(header);
    piece.header[framing?.telling[length % framing.telling.length] ?? 0] = value;
  }
}

const framingOf = (type: string): Framing | undefined => framings[type.split('_', 1)[0] ?? ''];

/** Messages in pieces. */
type Pieces = { readonly stream: Message['stream']; readonly pieces: Piece[] }[];

const takeApart = (dialogue: readonly Message[], framing: Framing | undefined): Pieces =>
  dialogue.map(({ stream, bytes }) => ({ stream, pieces: framing ? split(bytes, framing) : lines(bytes) }));

const putTogether = (messages: Pieces): Message[] =>
  messages
    .map(({ stream, pieces }) => ({
      stream,
      bytes: Buffer.concat(pieces.flatMap(({ header, payload }) => [header, payload])),
    }))
    .filter(({ bytes }) => bytes.length > 0);

/** The dialogue of a type of toxic, with up to four frames bent; of text, lines. */
export function bentFrames(type: string, dialogue: readonly Message[]): fc.Arbitrary<Message[]> {
  const framing = framingOf(type);
  return fc.array(bend, { minLength: 1, maxLength: 4 }).map((bends) => {
    const messages = takeApart(dialogue, framing);
    for (const one of bends) {
      const { pieces = [] } = messages[one.message % messages.length] ?? {};
      if (pieces.length > 0) apply(pieces, one, framing);
    }
    return putTogether(messages);
  });
}

/** Shorter than most payloads have to be. */
const shortLengths = [0, 1, 2, 3, 4, 5, 7, 8, 31];

/** The dialogue again and again, each time with one frame of another length; of text nothing. */
export function* resizedFrames(type: string, dialogue: readonly Message[]): Generator<Message[]> {
  const framing = framingOf(type);
  if (!framing) return;
  for (const [message, { pieces }] of takeApart(dialogue, framing).entries()) {
    for (const [frame, { payload }] of pieces.entries()) {
      for (const length of [...shortLengths.filter((short) => short < payload.length), payload.length + 1]) {
        const messages = takeApart(dialogue, framing);
        apply(messages[message]?.pieces ?? [], { how: 'resize', message, frame, length, value: 0 }, framing);
        yield putTogether(messages);
      }
    }
  }
}
