/** Conversations in well-known protocols, for toxics that read another one. */
import { writeFrame } from '../../../../proxy/protocols/websocket-frames.ts';
import { command, greeting, login, ok, query, resultSet } from '../../../unit/proxy/protocols/mysql-bytes.ts';
import { recordHandshake } from '../../../unit/proxy/protocols/recorded-handshake.ts';
import { down, type Message, up } from './sample.ts';

/** A conversation, and the types of toxics whose own protocol it is. */
export interface ForeignDialogue {
  readonly protocol: string;
  readonly messages: readonly Message[];
  /** Beginnings of the names of toxics that read this protocol. */
  readonly readBy: readonly string[];
}

const tls = async (version: 'TLSv1.2' | 'TLSv1.3'): Promise<Message[]> => {
  const { flights } = await recordHandshake({ version });
  return flights.map(({ from, bytes }) => (from === 'client' ? up(bytes) : down(bytes)));
};

const frame = (type: number, flags: number, payload: string): Buffer =>
  Buffer.concat([
    Buffer.from([0, 0, payload.length, type, flags, 0, 0, 0, type === 4 ? 0 : 1]),
    Buffer.from(payload, 'latin1'),
  ]);

const upgrade =
  'GET /chat HTTP/1.1\r\nHost: a.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n';
const accepted =
  'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
  'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n';

/** Every byte, none of which is text. */
const everyByte = Buffer.from(Array.from({ length: 256 }, (_, index) => (index + 128) % 256));

/** A message of `length` bytes with its number behind that, as MongoDB's. */
function lengthFirst(length: number, number: number): Buffer {
  const message = Buffer.alloc(length);
  message.writeUInt32LE(length, 0);
  message.writeUInt32LE(number, 4);
  return message;
}

/** Four bytes, which are zero, behind their number. */
const heartbeat = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0]);

export const foreignDialogues: readonly ForeignDialogue[] = [
  { protocol: 'TLS 1.2', messages: await tls('TLSv1.2'), readBy: ['tls_'] },
  { protocol: 'TLS 1.3', messages: await tls('TLSv1.3'), readBy: ['tls_'] },
  {
    protocol: 'Redis',
    messages: [
      up('*1\r\n$4\r\nPING\r\n'),
      down('+PONG\r\n'),
      up('GET key\r\n'),
      down('$5\r\nvalue\r\n'),
      up('*2\r\n$3\r\nGET\r\n$3\r\nkey\r\n'),
      down('$-1\r\n'),
    ],
    readBy: [],
  },
  {
    protocol: 'SMTP',
    messages: [
      down('220 mail.example ESMTP\r\n'),
      up('EHLO client.example\r\n'),
      down('250-mail.example\r\n250 PIPELINING\r\n'),
      up('HELP\r\n'),
      down('214 see the manual\r\n'),
      up('QUIT\r\n'),
      down('221 bye\r\n'),
    ],
    readBy: [],
  },
  {
    protocol: 'binary',
    messages: [up(everyByte), down(everyByte), up(Buffer.alloc(3)), down(Buffer.alloc(70_000, 0xa5))],
    readBy: [],
  },
  {
    protocol: 'lines without an end',
    messages: [up('hello'), down('world'), up('Get on'), down('HTTP is not spoken here'), up('OPTION')],
    readBy: [],
  },
  {
    protocol: 'bytes with a capital and a slash where one piece begins',
    messages: [up('\x99\x03'), down('\x99\x03'), up('Q /\x93\xf1'), down('ok'), up('AB *'), up('\x17')],
    readBy: [],
  },
  {
    protocol: 'lengths in front, the least byte first',
    messages: [
      up(lengthFirst(0x3f, 3)),
      down(lengthFirst(0x2f, 9)),
      up(lengthFirst(0x0315, 4)),
      down(lengthFirst(40, 10)),
    ],
    readBy: [],
  },
  { protocol: 'HTTP/0.9', messages: [up('GET /page\r\n'), down('<p>page</p>')], readBy: [] },
  {
    protocol: 'HTTP/2',
    messages: [
      up(Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), frame(4, 0, '')])),
      down(Buffer.concat([frame(4, 0, ''), frame(4, 1, '')])),
      up(frame(1, 5, '\x82\x86\x84')),
      down(Buffer.concat([frame(1, 4, '\x88'), frame(0, 1, 'HTTP/1.1 200 OK\r\n\r\n')])),
    ],
    readBy: ['http2_'],
  },
  {
    protocol: 'HTTP/1.1',
    messages: [
      up('POST /report HTTP/1.1\r\nHost: a.example\r\nContent-Length: 4\r\n\r\nbody'),
      down('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'),
      up('GET / HTTP/1.1\r\nHost: a.example\r\n\r\n'),
      down('HTTP/1.1 204 No Content\r\n\r\n'),
    ],
    readBy: ['http_'],
  },
  {
    protocol: 'WebSocket',
    messages: [
      up(upgrade),
      down(accepted),
      down(writeFrame(1, Buffer.from('hello'))),
      up(writeFrame(1, Buffer.from('world'), { fin: true, maskKey: Buffer.from([1, 2, 3, 4]) })),
    ],
    readBy: ['http_', 'websocket_'],
  },
  {
    protocol: 'MySQL',
    messages: [
      down(greeting),
      up(login()),
      down(ok(2)),
      up(query('SELECT a FROM t')),
      down(resultSet(['one', 'two'])),
      up(command(0x01)),
    ],
    readBy: ['mysql_'],
  },
];

/** One whose first bytes are too few to tell, so that they are held for a while at the beginning of a connection. */
export const shortMessages: ForeignDialogue = {
  protocol: 'heartbeats of eight bytes',
  messages: [
    up(heartbeat),
    up(heartbeat),
    down(heartbeat),
    up(Buffer.alloc(3)),
    down(heartbeat),
    up(heartbeat),
  ],
  readBy: [],
};

/** The same with the roles exchanged: whoever spoke second speaks first. */
export const mirrored = ({ protocol, messages, readBy }: ForeignDialogue): ForeignDialogue => ({
  protocol: `${protocol}, from the other side`,
  messages: messages.map(({ stream, bytes }) => ({
    stream: stream === 'upstream' ? 'downstream' : 'upstream',
    bytes,
  })),
  readBy,
});
