/**
 * Connections to the reference server that are led by hand, a request part by part: what no sound client does, a server has to
 * bear. What comes back stands in the journal as notes `{ name: 'visitor', who, what, ms, … }`: `arrived`, `answered`
 * with `status`, `headers` and the parsed `body`, and `closed`; `ms` is lab time since the visitor's last request, or its
 * arrival.
 */
import { connect, type TLSSocket } from 'node:tls';
import type { Matcher, Table } from 'shaketable';
import { type Reference, serverHost } from './reference.ts';

type Name = string | { readonly anyOf: readonly string[] } | { readonly matches: string };

/** What happened to one visitor, or to several. */
export const visitor = (who: Name, what: 'arrived' | 'answered' | 'closed') =>
  ({ kind: 'subject.note', name: 'visitor', who, what }) as const satisfies Matcher;

/** A request whose body may be shorter than it says. */
export interface Visit {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** What is sent of the body. */
  readonly body?: string;
  /** Bytes that the head announces; default what is sent. */
  readonly announced?: number;
}

export interface Visitor {
  ask(visit: Visit): void;
  /** Sends more of a body. */
  goOn(part: string): void;
  /** Cuts the connection off. */
  leave(): void;
}

/** Connects over the subject's link; with the table the connection ends. */
export async function visit(table: Table, reference: Reference, who: string): Promise<Visitor> {
  let saidAt = table.clock.now();
  const socket = connect({
    socket: table.dial({ host: serverHost, port: reference.link.port }),
    ca: table.authority.certPem,
    servername: serverHost,
  });
  table.use({ [Symbol.asyncDispose]: async () => void socket.destroy() });
  await new Promise<void>((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
  const note = (what: string, facts = {}) =>
    table.note('visitor', { who, what, ms: Math.round(table.clock.now() - saidAt), ...facts });
  const say = (text: string): void => {
    saidAt = table.clock.now();
    socket.write(text);
  };
  const ask = ({ method, path, body = '', announced = body.length }: Visit): void => {
    const fields = [`Host: ${serverHost}`, `Authorization: Bearer ${reference.token}`];
    if (announced > 0) fields.push('Content-Type: application/json', `Content-Length: ${announced}`);
    say(`${method} ${path} HTTP/1.1\r\n${fields.join('\r\n')}\r\n\r\n${body}`);
  };
  readAnswers(socket, (answer) => note('answered', answer));
  // Whoever is cut off learns so by the end that follows.
  socket.on('error', () => {}).once('close', () => note('closed'));
  note('arrived');
  return { ask, goOn: say, leave: () => socket.destroy() };
}

interface Answer {
  readonly status: number;
  /** By name in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** The reference server says of each body how long it is, and sends JSON. */
function readAnswers(socket: TLSSocket, onAnswer: (answer: Answer) => void): void {
  let text = '';
  socket.setEncoding('latin1').on('data', (piece: string) => {
    text += piece;
    for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
      const [first = '', ...lines] = text.slice(0, end).split('\r\n');
      const headers = Object.fromEntries(
        lines
          .map((line) => line.split(/:\s*(.*)/, 2))
          .map(([name = '', value = '']) => [name.toLowerCase(), value]),
      );
      const bodyEnd = end + 4 + Number(headers['content-length'] ?? 0);
      if (text.length < bodyEnd) return;
      const body = text.slice(end + 4, bodyEnd);
      text = text.slice(bodyEnd);
      onAnswer({ status: Number(first.split(' ')[1]), headers, body: body === '' ? null : JSON.parse(body) });
    }
  });
}
