/**
 * Reads both directions of a connection as WebSocket: HTTP until an upgrade was asked for and granted with 101, frames
 * after that. It says of every byte what it is, in order, and keeps no more than an unfinished header. What it does not
 * understand is `other`.
 *
 *     http ─(request for an upgrade)─► asked ─(101)─► open
 */
import type { Stream } from '../core/events.ts';
import { type FramePiece, FrameReader, opcode, readHeader } from './websocket-frames.ts';
import { asksForWebSocket, emptyLinesBefore, type Head, HeadReader, statusOf } from './websocket-upgrade.ts';

/** Part of what one direction carries. */
export type WebSocketPart =
  | { readonly kind: 'other'; readonly bytes: Buffer }
  /** The head of the request for the upgrade. */
  | { readonly kind: 'request'; readonly bytes: Buffer; readonly head: Head }
  /** The head of the answer that grants it. */
  | { readonly kind: 'accepted'; readonly bytes: Buffer }
  | ({ readonly kind: 'frame' } & FramePiece);

export class WebSocketReader {
  readonly #frames = { upstream: new FrameReader(), downstream: new FrameReader() };
  readonly #request = new HeadReader('request');
  readonly #answer = new HeadReader('answer');
  #state: 'http' | 'asked' | 'open' = 'http';
  /** Whether a request can begin with the client's next byte. */
  #clientsTurn = true;
  #unreadable: string | undefined;
  #sawUpgrade = false;
  /** Directions of which the reader missed the beginning, and has not found a frame's beginning yet. */
  readonly #lost: Set<Stream>;

  /** `joinedLate` says that bytes passed before: then the first chunk that looks like frames is taken as such. */
  constructor({ joinedLate }: { readonly joinedLate: boolean }) {
    this.#lost = new Set(joinedLate ? ['upstream', 'downstream'] : []);
  }

  /** Why there are no frames to read; undefined while there are, or may be soon. */
  get unreadable(): string | undefined {
    if (this.#state === 'open') return this.#isBroken ? brokenFrames : undefined;
    return this.#state === 'http' ? this.#unreadable : undefined;
  }

  /** Whether bytes of a direction are held that may be no HTTP, or on a connection that was joined late no frame. */
  undecided(stream: Stream): boolean {
    if (this.#state === 'open') return !this.#sawUpgrade && !this.#isBroken && this.#frames[stream].holds;
    return stream === 'upstream' && this.#state === 'http' && this.#request.undecided;
  }

  /** Decides that what is held is neither; `takeRest` returns it. */
  giveUp(): void {
    this.#clientsTurn = false;
    this.#unreadable = noUpgrade;
    if (this.#state !== 'open') return;
    for (const reader of Object.values(this.#frames)) reader.giveUp();
  }

  get #isBroken(): boolean {
    return this.#frames.upstream.broken || this.#frames.downstream.broken;
  }

  /** Whether frames are exchanged. */
  get open(): boolean {
    return this.#state === 'open';
  }

  /** Whether no frame of a direction is under way. */
  betweenFrames(stream: Stream): boolean {
    return this.#frames[stream].betweenFrames;
  }

  read(stream: Stream, bytes: Buffer): WebSocketPart[] {
    if (this.#state !== 'asked' && this.#lost.has(stream)) this.#find(stream, bytes);
    if (this.#state === 'open') return this.#readFrames(stream, bytes);
    return stream === 'upstream' ? this.#readRequest(bytes) : this.#readAnswer(bytes);
  }

  /** What is held of a direction; the reader forgets it. */
  takeRest(stream: Stream): Buffer {
    const head = stream === 'upstream' ? this.#request : this.#answer;
    return Buffer.concat([head.takeRest(), this.#frames[stream].takeRest()]);
  }

  #find(stream: Stream, bytes: Buffer): void {
    if (!looksLikeFrames(bytes, stream)) {
      this.#unreadable ??= noFrames;
      return;
    }
    this.#lost.delete(stream);
    this.#state = 'open';
  }

  #readFrames(stream: Stream, bytes: Buffer): WebSocketPart[] {
    const reader = this.#frames[stream];
    if (this.#lost.has(stream)) return other(bytes);
    const parts = reader.push(bytes).map((piece): WebSocketPart => ({ kind: 'frame', ...piece }));
    return reader.broken ? [...parts, ...other(reader.takeRest())] : parts;
  }

  #readRequest(bytes: Buffer): WebSocketPart[] {
    if (this.#state === 'asked' || !this.#clientsTurn) return other(bytes);
    const from = this.#request.empty ? emptyLinesBefore(bytes) : 0;
    const parts = other(bytes.subarray(0, from));
    for (
      let head = this.#request.push(bytes.subarray(from));
      head !== undefined;
      head = this.#request.push(Buffer.alloc(0))
    ) {
      if (head === false) this.#unreadable = noUpgrade;
      if (head === false || asksForWebSocket(head)) {
        this.#clientsTurn = false;
        if (head) {
          this.#state = 'asked';
          parts.push({ kind: 'request', bytes: head.bytes, head });
        }
        return [...parts, ...other(this.#request.takeRest())];
      }
      this.#unreadable ??= httpAlone;
      parts.push(...other(head.bytes));
    }
    return parts;
  }

  #readAnswer(bytes: Buffer): WebSocketPart[] {
    if (this.#state === 'http') {
      if (this.#request.undecided) this.giveUp();
      this.#unreadable ??= noUpgrade;
      this.#clientsTurn = true;
      return other(bytes);
    }
    const head = this.#answer.push(bytes);
    if (head === undefined) return [];
    const status = head ? statusOf(head) : 0;
    const rest = this.#answer.takeRest();
    if (head && status === 101) {
      this.#state = 'open';
      this.#sawUpgrade = true;
      this.#lost.clear();
      return [{ kind: 'accepted', bytes: head.bytes }, ...this.#readFrames('downstream', rest)];
    }
    const interim = status >= 100 && status < 200;
    if (!interim) this.#state = 'http';
    this.#clientsTurn = !interim;
    const passed = head ? other(head.bytes) : [];
    return [...passed, ...(rest.length > 0 ? this.#readAnswer(rest) : [])];
  }
}

const noUpgrade = 'no upgrade to WebSocket';
const noFrames = 'no frames of WebSocket';
const brokenFrames = 'frames of WebSocket that cannot be read';
const httpAlone = 'HTTP without an upgrade to WebSocket';

const other = (bytes: Buffer): WebSocketPart[] => (bytes.length > 0 ? [{ kind: 'other', bytes }] : []);

/** Whether every header in a chunk is one that this side may send, the first being that of a message: zeros are in many protocols. */
function looksLikeFrames(bytes: Buffer, stream: Stream): boolean {
  if (((bytes[0] ?? 0) & 0x0f) === opcode.continuation) return false;
  let at = 0;
  while (at < bytes.length) {
    const header = readHeader(bytes.subarray(at));
    if (header === undefined) return at > 0;
    const { opcode: code, reserved, fin, length, headerBytes, maskKey } = header;
    const control = code >= opcode.close;
    const known = control ? code <= opcode.pong : code <= opcode.binary;
    if (!known || (control && (!fin || length > 125))) return false;
    if (reserved !== 0 && !(reserved === 4 && fin)) return false;
    if ((maskKey !== undefined) !== (stream === 'upstream')) return false;
    at += headerBytes + length;
  }
  return at > 0;
}
