/**
 * Reads an event stream (WHATWG HTML, section 9.2.6, interpreting an event stream): lines that end with CR, LF or both;
 * a field each; an empty line hands an event on. What comes after the last empty line is no event: a stream that is cut
 * in the middle of one has not sent it.
 */

/** One event. */
export interface ServerEvent {
  /** `message` unless the server names another. */
  readonly type: string;
  readonly data: string;
  /** The last id that the server gave, with this event or before it; empty without. */
  readonly id: string;
}

export class EventStreamParser {
  /** How long to wait before the next connection, where the server says so; milliseconds. */
  retryMs: number | undefined;
  readonly #decoder = new TextDecoder();
  #rest = '';
  #data: string[] = [];
  #type = '';
  #id: string;

  /** @param lastEventId the one that the stream was asked to go on from */
  constructor(lastEventId: string) {
    this.#id = lastEventId;
  }

  /** The events that are complete with these bytes. */
  push(bytes: Uint8Array): ServerEvent[] {
    this.#rest += this.#decoder.decode(bytes, { stream: true });
    const events: ServerEvent[] = [];
    // A CR at the end may be half of a CRLF.
    for (let end = /\r\n|\n|\r(?!$)/.exec(this.#rest); end; end = /\r\n|\n|\r(?!$)/.exec(this.#rest)) {
      const line = this.#rest.slice(0, end.index);
      this.#rest = this.#rest.slice(end.index + end[0].length);
      const event = line === '' ? this.#dispatch() : this.#field(line);
      if (event) events.push(event);
    }
    return events;
  }

  #field(line: string): undefined {
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'data') this.#data.push(value);
    else if (name === 'event') this.#type = value;
    else if (name === 'id' && !value.includes('\0')) this.#id = value;
    else if (name === 'retry' && /^\d+$/.test(value)) this.retryMs = Number(value);
  }

  #dispatch(): ServerEvent | undefined {
    const data = this.#data.splice(0);
    const type = this.#type || 'message';
    this.#type = '';
    return data.length === 0 ? undefined : { type, data: data.join('\n'), id: this.#id };
  }
}
