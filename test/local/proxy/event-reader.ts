/** Reads `GET /events` as a client does: server-sent events by lines. */
import http from 'node:http';

/** One event; `data` is parsed. */
export interface ReceivedEvent {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export class EventReader implements Disposable {
  readonly events: ReceivedEvent[] = [];
  readonly response: http.IncomingMessage;
  #rest = '';

  /** Resolves when the stream has begun: what happens from then on is in it. */
  static open(url: string): Promise<EventReader> {
    return new Promise((resolve, reject) => {
      http
        .get(`${url}/events`, { agent: false }, (response) => resolve(new EventReader(response)))
        .once('error', reject);
    });
  }

  private constructor(response: http.IncomingMessage) {
    this.response = response;
    response.setEncoding('utf8').on('error', () => {});
  }

  /** Begins to read. */
  read(): this {
    this.response.on('data', (text: string) => {
      const blocks = (this.#rest + text).split('\n\n');
      this.#rest = blocks.pop() ?? '';
      this.events.push(...blocks.flatMap(parse));
    });
    return this;
  }

  types(): string[] {
    return this.events.map(({ event }) => event);
  }

  [Symbol.dispose](): void {
    this.response.destroy();
  }
}

/** A comment is no event. */
function parse(block: string): ReceivedEvent[] {
  const fields = new Map(
    block.split('\n').map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 2)];
    }),
  );
  const data = fields.get('data');
  if (data === undefined) return [];
  return [{ id: fields.get('id'), event: fields.get('event') ?? 'message', data: JSON.parse(data) }];
}
