/** Traffic that is legal, or met in the field, and that few servers send: what a reader of the protocol has to get along with. */

import { frameFlag, frameType, writeFrame as http2Frame } from '../../../../proxy/protocols/http2-frames.ts';
import { writePacket } from '../../../../proxy/protocols/mysql-packets.ts';
import { writeFrame } from '../../../../proxy/protocols/websocket-frames.ts';
import * as http2 from '../../../unit/proxy/protocols/http2-bytes.ts';
import {
  column,
  columnCount,
  command,
  eof,
  errorAnswer,
  greeting,
  login,
  ok,
  query,
  resultSet,
  row,
  status,
} from '../../../unit/proxy/protocols/mysql-bytes.ts';
import { recordHandshake } from '../../../unit/proxy/protocols/recorded-handshake.ts';
import { down, type Message, up } from './sample.ts';

/** A conversation, and the toxics that may read it. */
export interface UnusualDialogue {
  readonly title: string;
  /** The beginning of the names of toxics that read it. */
  readonly protocol: 'http_' | 'http2_' | 'websocket_' | 'mysql_' | 'tls_';
  readonly messages: readonly Message[];
}

const get = (path = '/'): string => `GET ${path} HTTP/1.1\r\nHost: a.example\r\n\r\n`;
const noContent = 'HTTP/1.1 204 No Content\r\n\r\n';
const upgrade = (more = ''): string =>
  'GET /chat HTTP/1.1\r\nHost: a.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
  `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n${more}\r\n`;
const accepted = (more = ''): string =>
  'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
  `Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n${more}\r\n`;
const mask = Buffer.from([1, 2, 3, 4]);
const masked = (opcode: number, payload: string, fin = true): Buffer =>
  writeFrame(opcode, Buffer.from(payload), { fin, maskKey: mask });

const http: readonly (readonly [string, ...Message[]])[] = [
  [
    'three requests in one write, and their answers in one',
    up(get('/1') + get('/2') + get('/3')),
    down(noContent.repeat(3)),
    up(get('/4')),
    down(noContent),
  ],
  [
    'chunks with extensions, sizes with zeros before them, and trailers',
    up(get()),
    down('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: Digest\r\n\r\n'),
    down('0005;name=value;q="a;b"\r\nhello\r\n'),
    down('A \t\r\n0123456789\r\n000\r\nDigest: x\r\nServer-Timing: db;dur=2\r\n\r\n'),
    up(get()),
    down(noContent),
  ],
  [
    'a chunked request with trailers',
    up('POST /a HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n'),
    up('0\r\nDigest: x\r\n\r\n'),
    down(noContent),
  ],
  [
    'interim answers before the answer',
    up('POST /a HTTP/1.1\r\nHost: a.example\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n'),
    down('HTTP/1.1 100 Continue\r\n\r\n'),
    up('body'),
    down('HTTP/1.1 102 Processing\r\n\r\n'),
    down(
      'HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
    ),
    up(get()),
    down(noContent),
  ],
  [
    'an expectation that fails',
    up('PUT /a HTTP/1.1\r\nHost: a.example\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n'),
    down('HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'),
  ],
  [
    'an answer while the request is under way',
    up('POST /a HTTP/1.1\r\nHost: a.example\r\nContent-Length: 10\r\n\r\n01234'),
    down('HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n'),
    up('56789'),
    up(get()),
    down(noContent),
  ],
  [
    'an answer that nobody asked for',
    down('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'),
  ],
  [
    'HTTP/1.0 to the end of the connection',
    up('GET / HTTP/1.0\r\n\r\n'),
    down('HTTP/1.0 200 OK\r\n\r\nsome'),
    down('more'),
  ],
  [
    'HEAD and 304 with a length',
    up('HEAD / HTTP/1.1\r\nHost: a.example\r\n\r\n'),
    down('HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n'),
    up(get()),
    down('HTTP/1.1 304 Not Modified\r\nContent-Length: 5000\r\nETag: "x"\r\n\r\n'),
    up(get()),
    down(noContent),
  ],
  [
    'a status line without a reason',
    up(get()),
    down('HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok'),
    up(get()),
    down('HTTP/1.1 299 \r\nContent-Length: 0\r\n\r\n'),
  ],
  [
    'lines that end with a line feed alone',
    up('GET / HTTP/1.1\nHost: a.example\n\n'),
    down('HTTP/1.1 200 OK\nContent-Length: 2\n\nok'),
    up(get()),
    down(noContent),
  ],
  [
    'empty lines before a request',
    up(`\r\n\r\n${get()}`),
    down(noContent),
    up(`\n${get()}`),
    down(noContent),
  ],
  [
    'OPTIONS *, absolute form, an extension method',
    up('OPTIONS * HTTP/1.1\r\nHost: a.example\r\n\r\n'),
    down(noContent),
    up('GET http://a.example/x?y=z HTTP/1.1\r\nHost: a.example\r\n\r\n'),
    down(noContent),
    up('M-SEARCH * HTTP/1.1\r\nHost: a.example\r\n\r\n'),
    down(noContent),
    up('VERSION-CONTROL /a HTTP/1.1\r\nHost: a.example\r\n\r\n'),
    down(noContent),
  ],
  [
    'a folded field, a field without a value, and bytes above ASCII',
    up(
      'GET /gr\xfc\xdfe HTTP/1.1\r\nHost: a.example\r\nX-Long: one\r\n two\r\nX-Empty:\r\nX-Name: \xe4\xf6\r\n\r\n',
    ),
    down('HTTP/1.1 200 Gr\xfc\xdfe\r\nContent-Length: 0\r\n\r\n'),
  ],
  [
    'a length given twice alike',
    up('POST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nhi'),
    down(noContent),
  ],
  [
    'a length and chunks at once',
    up(
      'POST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n',
    ),
    down(noContent),
    up(get()),
    down(noContent),
  ],
  [
    'a field of 60,000 bytes',
    up(`GET / HTTP/1.1\r\nHost: a.example\r\nCookie: ${'c'.repeat(60_000)}\r\n\r\n`),
    down(noContent),
  ],
  [
    'a field of 200,000 bytes',
    up(`GET / HTTP/1.1\r\nHost: a.example\r\nCookie: ${'c'.repeat(200_000)}\r\n\r\n`),
    down(noContent),
  ],
  [
    'an upgrade that the server leaves alone',
    up(upgrade()),
    down('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'),
    up(get()),
    down(noContent),
  ],
  [
    'an upgrade to HTTP/2',
    up(
      'GET / HTTP/1.1\r\nHost: a.example\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n',
    ),
    down('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n'),
    down(Buffer.concat([http2.settings, http2.answer(1, 200, { ends: true })])),
    up(Buffer.concat([http2.preface, http2.settings])),
    down(http2.settingsAck),
  ],
  [
    'an upgrade to TLS',
    up('OPTIONS * HTTP/1.1\r\nHost: a.example\r\nUpgrade: TLS/1.2\r\nConnection: Upgrade\r\n\r\n'),
    down('HTTP/1.1 101 Switching Protocols\r\nUpgrade: TLS/1.2, HTTP/1.1\r\nConnection: Upgrade\r\n\r\n'),
    up(Buffer.from('160301000501000001ff', 'hex')),
    down(Buffer.from('15030300020228', 'hex')),
  ],
  [
    'CONNECT that is refused, and CONNECT that is not',
    up('CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n'),
    down('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 2\r\n\r\nno'),
    up('CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n'),
    down('HTTP/1.1 200 Connection Established\r\n\r\n'),
    up(get()),
    down('not HTTP'),
    up('\x16\x03\x01'),
  ],
  [
    'PROXY protocol before the request',
    up('PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\r\n'),
    up(get()),
    down(noContent),
  ],
  [
    'PROXY protocol in binary before the request',
    up(
      Buffer.concat([
        Buffer.from('0d0a0d0a000d0a515549540a2111000cc0000201c6336401dc0401bb', 'hex'),
        Buffer.from(get()),
      ]),
    ),
    down(noContent),
  ],
  [
    'a chunk size that is none',
    up(get()),
    down('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'),
    down('xyz\r\nhello'),
    down('world'),
  ],
  [
    'Shoutcast',
    up('GET /radio HTTP/1.0\r\nIcy-MetaData: 1\r\n\r\n'),
    down('ICY 200 OK\r\nicy-name: x\r\n\r\n'),
    down('music'),
  ],
  [
    'RTSP',
    up('OPTIONS rtsp://a.example/s RTSP/1.0\r\nCSeq: 1\r\n\r\n'),
    down('RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n'),
  ],
  ['SIP', up('REGISTER sip:a.example SIP/2.0\r\nCSeq: 1 REGISTER\r\n\r\n'), down('SIP/2.0 200 OK\r\n\r\n')],
  [
    'two codings',
    up(get()),
    down('HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n'),
    up(get()),
    down(noContent),
  ],
  [
    'HTTP/1.1 in small letters',
    up('get / http/1.1\r\nhost: a.example\r\n\r\n'),
    down('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'),
  ],
  ['garbage behind the answer', up(get()), down(`${noContent}\0\0\0`), down('more')],
  [
    'server-sent events without an end',
    up(get()),
    down('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n'),
    down('data: 1\n\n'),
    down(': ping\n\n'),
  ],
  [
    'a byte-range answer in parts',
    up(get()),
    down(
      'HTTP/1.1 206 Partial Content\r\nContent-Type: multipart/byteranges; boundary=x\r\nContent-Length: 9\r\n\r\n--x\r\n\r\nab',
    ),
    up(get()),
    down(noContent),
  ],
];

const websocket: readonly (readonly [string, ...Message[]])[] = [
  [
    'compressed messages',
    up(upgrade('Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n')),
    down(accepted('Sec-WebSocket-Extensions: permessage-deflate\r\n')),
    down(Buffer.from('c107f248cdc9c90700', 'hex')),
    up(Buffer.concat([Buffer.from('c18701020304', 'hex'), Buffer.from('f248cdc9c90700', 'hex')])),
    down(Buffer.from('4103f248cd8004c9c90700', 'hex')),
  ],
  [
    'frames in the packet of the 101',
    up(upgrade()),
    down(Buffer.concat([Buffer.from(accepted()), writeFrame(1, Buffer.from('early'))])),
    up(masked(1, 'x')),
  ],
  [
    'frames of a client that does not wait for the 101',
    up(Buffer.concat([Buffer.from(upgrade()), masked(1, 'early')])),
    down(accepted()),
    down(writeFrame(1, Buffer.from('x'))),
  ],
  [
    'control frames within a message',
    up(upgrade()),
    down(accepted()),
    up(masked(1, 'one', false)),
    up(masked(9, 'ping')),
    up(masked(0, 'two', false)),
    down(writeFrame(10, Buffer.from('ping'))),
    up(masked(0, 'three')),
    down(writeFrame(2, Buffer.alloc(0))),
  ],
  [
    'a client that does not mask, and a server that does',
    up(upgrade()),
    down(accepted()),
    up(writeFrame(1, Buffer.from('bare'))),
    down(masked(1, 'masked')),
  ],
  [
    'lengths of 16 and 64 bits, and longer than they need be',
    up(upgrade()),
    down(accepted()),
    down(writeFrame(2, Buffer.alloc(300, 1))),
    down(writeFrame(2, Buffer.alloc(70_000, 2))),
    down(Buffer.concat([Buffer.from('827e0002', 'hex'), Buffer.from('ab')])),
    down(Buffer.concat([Buffer.from('827f0000000000000002', 'hex'), Buffer.from('ab')])),
  ],
  [
    'reserved opcodes and bits',
    up(upgrade()),
    down(accepted()),
    down(Buffer.from('b30161', 'hex')),
    down(Buffer.from('8b00', 'hex')),
    up(masked(1, 'x')),
  ],
  [
    'frames behind the close',
    up(upgrade()),
    down(accepted()),
    down(writeFrame(8, Buffer.from([3, 232]))),
    down(writeFrame(1, Buffer.from('late'))),
    up(masked(8, '')),
    up(masked(1, 'late')),
  ],
  [
    'a close with one byte, and a ping of 200',
    up(upgrade()),
    down(accepted()),
    down(writeFrame(9, Buffer.alloc(200))),
    down(writeFrame(8, Buffer.from([3]))),
  ],
  [
    'refused with a body',
    up(upgrade()),
    down('HTTP/1.1 403 Forbidden\r\nContent-Length: 4\r\n\r\nsorr'),
    up(upgrade()),
    down(accepted()),
    down(writeFrame(1, Buffer.from('x'))),
  ],
  [
    'redirected',
    up(upgrade()),
    down(
      'HTTP/1.1 307 Temporary Redirect\r\nLocation: /other\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ),
    up(upgrade()),
    down(accepted()),
  ],
  [
    'requests before the upgrade',
    up(get()),
    down(noContent),
    up(upgrade()),
    down(accepted()),
    up(masked(1, 'x')),
  ],
  [
    'interim answers before the 101',
    up(upgrade()),
    down('HTTP/1.1 103 Early Hints\r\n\r\n'),
    down(accepted()),
    down(writeFrame(1, Buffer.from('x'))),
  ],
];

const compressedPacket = (sequence: number, packet: Buffer): Buffer =>
  Buffer.concat([Buffer.from([packet.length & 0xff, packet.length >> 8, 0, sequence, 0, 0, 0]), packet]);

const mysql: readonly (readonly [string, ...Message[]])[] = [
  [
    'the compressed protocol',
    down(greeting),
    up(login(0x20)),
    down(ok(2)),
    up(compressedPacket(0, query('SELECT 1'))),
    down(compressedPacket(1, resultSet(['1']))),
    up(compressedPacket(0, command(0x01))),
  ],
  [
    'LOCAL INFILE',
    down(greeting),
    up(login(0x80)),
    down(ok(2)),
    up(query("LOAD DATA LOCAL INFILE 'x' INTO TABLE t")),
    down(writePacket(1, Buffer.from('\xfbx', 'latin1'))),
    up(writePacket(2, Buffer.from('1,2\n'))),
    up(writePacket(3, Buffer.alloc(0))),
    down(ok(4)),
    up(query('SELECT 1')),
    down(resultSet(['1'])),
  ],
  [
    'several results',
    down(greeting),
    up(login(0x10000)),
    down(ok(2)),
    up(query('SELECT 1; UPDATE t SET a = 1; SELECT 2')),
    down(resultSet(['1'], { flags: status.autocommit | status.moreResults })),
    down(ok(6, status.autocommit | status.moreResults)),
    down(resultSet(['2'], { from: 7 })),
    up(query('DO 1')),
    down(ok(1)),
  ],
  [
    'several results of which one fails',
    down(greeting),
    up(login(0x10000)),
    down(ok(2)),
    up(query('SELECT 1; SELECT x')),
    down(resultSet(['1'], { flags: status.autocommit | status.moreResults })),
    down(errorAnswer(6, 1054, 'x')),
    up(query('DO 1')),
    down(ok(1)),
  ],
  [
    'commands that the server does not answer',
    down(greeting),
    up(login()),
    down(ok(2)),
    up(Buffer.concat([command(0x19, '\x01\0\0\0'), command(0x18, '\x01\0\0\0\0\0data'), query('DO 1')])),
    down(ok(1)),
  ],
  [
    'commands sent one after the other without waiting',
    down(greeting),
    up(login()),
    down(ok(2)),
    up(Buffer.concat([query('DO 1'), query('DO 2'), query('SELECT 1')])),
    down(Buffer.concat([ok(1), ok(1), resultSet(['1'])])),
  ],
  [
    'a prepared statement',
    down(greeting),
    up(login()),
    down(ok(2)),
    up(command(0x16, 'SELECT ?')),
    down(
      Buffer.concat([
        writePacket(1, Buffer.from('000100000001000100000000', 'hex')),
        column(2, '?'),
        eof(3),
        column(4, 'a'),
        eof(5),
      ]),
    ),
    up(command(0x17, Buffer.from('0100000000010000000001fd00', 'hex'))),
    down(Buffer.concat([columnCount(1, 1), column(2, 'a'), eof(3), row(4, 'x'), eof(5)])),
    up(command(0x1a, '\x01\0\0\0')),
    down(ok(1)),
  ],
  [
    'another way to log in',
    down(greeting),
    up(login()),
    down(writePacket(2, Buffer.from('\xfecaching_sha2_password\0saltsaltsaltsaltsalt\0', 'latin1'))),
    up(writePacket(3, Buffer.alloc(32, 7))),
    down(writePacket(4, Buffer.from([1, 4]))),
    up(writePacket(5, Buffer.from([2]))),
    down(writePacket(6, Buffer.from('\x01-----BEGIN PUBLIC KEY-----', 'latin1'))),
    up(writePacket(7, Buffer.alloc(256, 9))),
    down(ok(8)),
    up(query('DO 1')),
    down(ok(1)),
  ],
  [
    'another user',
    down(greeting),
    up(login()),
    down(ok(2)),
    up(command(0x11, 'other\0\x00db\0')),
    down(writePacket(1, Buffer.from('\xfemysql_native_password\0saltsaltsaltsaltsalt\0', 'latin1'))),
    up(writePacket(2, Buffer.alloc(20, 7))),
    down(ok(3)),
    up(command(0x1f)),
    down(ok(1)),
    up(query('DO 1')),
    down(ok(1)),
  ],
  [
    'refused at the greeting',
    down(writePacket(0, Buffer.from('\xff\x10\x04Too many connections', 'latin1'))),
  ],
  [
    'a binary log',
    down(greeting),
    up(login()),
    down(ok(2)),
    up(command(0x12, Buffer.from('0400000000000100000062', 'hex'))),
    down(writePacket(1, Buffer.from('0000000000000000000000', 'hex'))),
    down(writePacket(2, Buffer.from('00aabbccdd', 'hex'))),
    down(writePacket(3, Buffer.from('00aabbccdd', 'hex'))),
  ],
  [
    'statistics, a ping and a field list',
    down(greeting),
    up(login()),
    down(ok(2)),
    up(command(0x09)),
    down(writePacket(1, Buffer.from('Uptime: 1'))),
    up(command(0x0e)),
    down(ok(1)),
    up(command(0x04, 't\0')),
    down(Buffer.concat([column(1, 'a'), eof(2)])),
    up(query('DO 1')),
    down(ok(1)),
  ],
  [
    'the server ends an idle connection with words',
    down(greeting),
    up(login()),
    down(ok(2)),
    down(errorAnswer(0, 4031, 'idle')),
    up(query('DO 1')),
  ],
  ['the X protocol', up(Buffer.from('0500000001', 'hex')), down(Buffer.from('0500000002080a1200', 'hex'))],
];

const hello = (await recordHandshake({ version: 'TLSv1.3' })).flights;
const flight = (from: 'client' | 'server', index = 0): Buffer =>
  hello.filter((one) => one.from === from)[index]?.bytes ?? Buffer.alloc(0);
const records = (await recordHandshake({ version: 'TLSv1.2' })).flights.map(({ from, bytes }) =>
  from === 'client' ? up(bytes) : down(bytes),
);
/** The first record's content in records of so many bytes. */
function fragmented(bytes: Buffer, size: number): Buffer {
  const length = bytes.readUInt16BE(3);
  const content = bytes.subarray(5, 5 + length);
  const parts: Buffer[] = [];
  for (let at = 0; at < length; at += size) {
    const part = content.subarray(at, at + size);
    parts.push(Buffer.from([0x16, 3, 1, part.length >> 8, part.length & 0xff]), part);
  }
  return Buffer.concat([...parts, bytes.subarray(5 + length)]);
}

const tls: readonly (readonly [string, ...Message[]])[] = [
  ['a hello in records of one byte', up(fragmented(flight('client'), 1)), down(flight('server'))],
  ['a hello in records of three bytes', up(fragmented(flight('client'), 3)), down(flight('server'))],
  ['an alert in place of an answer', up(flight('client')), down(Buffer.from('15030300020228', 'hex'))],
  [
    'a plain answer of a server without TLS',
    up(flight('client')),
    down('HTTP/1.1 400 Bad Request\r\n\r\nplain HTTP please'),
  ],
  [
    'TLS behind STARTTLS',
    down('220 mail.example ESMTP\r\n'),
    up('EHLO a.example\r\n'),
    down('250 STARTTLS\r\n'),
    up('STARTTLS\r\n'),
    down('220 go ahead\r\n'),
    ...records,
  ],
  ['TLS behind PROXY protocol', up('PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\r\n'), ...records],
  [
    'TLS behind CONNECT',
    up('CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n'),
    down('HTTP/1.1 200 OK\r\n\r\n'),
    ...records,
  ],
  ['TLS behind a request of PostgreSQL', up(Buffer.from('0000000804d2162f', 'hex')), down('S'), ...records],
  [
    'SSL 2',
    up(Buffer.from('802e0103010015000000100000ff', 'hex')),
    down(Buffer.from('15030000020228', 'hex')),
  ],
  [
    'records of no length and heartbeats',
    ...records,
    up(Buffer.from('1703030000', 'hex')),
    down(Buffer.from('18030300050100020000', 'hex')),
  ],
  [
    'plain bytes behind the end of TLS',
    ...records,
    down(Buffer.from('15030300020100', 'hex')),
    down('plain'),
  ],
  [
    'DTLS',
    up(Buffer.from('16feff000000000000000000350100', 'hex')),
    down(Buffer.from('16feff0000000000000000001703', 'hex')),
  ],
];

const clientBegins = up(Buffer.concat([http2.preface, http2.settings]));
const http2Dialogues: readonly (readonly [string, ...Message[]])[] = [
  [
    'the server first',
    down(http2.settings),
    clientBegins,
    down(http2.settingsAck),
    up(http2.request(1)),
    down(http2.answer(1, 200, { ends: true })),
  ],
  [
    'interim answers, trailers and padding',
    clientBegins,
    down(http2.settings),
    up(http2.request(1)),
    down(http2.answer(1, 103)),
    down(http2.answer(1, 200)),
    down(
      http2Frame(frameType.data, Buffer.concat([Buffer.from([3]), Buffer.from('abc'), Buffer.alloc(3)]), {
        streamId: 1,
        flags: 8,
      }),
    ),
    down(http2.headers(1, http2.block({ 'grpc-status': '0' }))),
    up(http2.request(3)),
    down(http2.answer(3, 204, { ends: true })),
  ],
  [
    'priorities, unknown frames and unknown settings',
    clientBegins,
    up(
      Buffer.concat([
        http2Frame(frameType.priority, Buffer.from('000000000f', 'hex'), { streamId: 3 }),
        http2Frame(0x42 as never, Buffer.from('??'), { streamId: 0 }),
      ]),
    ),
    down(http2Frame(frameType.settings, Buffer.from('00ff00000001', 'hex'))),
    down(http2Frame(0x0c as never, Buffer.from('\0\0'), { streamId: 0 })),
    up(http2.request(1)),
    down(http2.answer(1, 200, { ends: true })),
  ],
  [
    'fields in many frames, of which some are empty',
    clientBegins,
    down(http2.settings),
    up(
      http2.continuedHeaders(
        1,
        http2.block({ ':method': 'GET', ':scheme': 'http' }),
        Buffer.alloc(0),
        http2.block({ ':path': '/' }),
        Buffer.alloc(0),
      ),
    ),
    down(http2.answer(1, 200, { ends: true })),
  ],
  [
    'an upload, and an answer before it is over',
    clientBegins,
    down(http2.settings),
    up(http2.request(1, '/a', { ends: false })),
    up(http2.data(1, 'one', { ends: false })),
    down(http2.answer(1, 413, { ends: true })),
    down(http2Frame(frameType.rstStream, Buffer.from('00000000', 'hex'), { streamId: 1 })),
    up(http2.data(1, 'two')),
    up(http2.request(3)),
    down(http2.answer(3, 204, { ends: true })),
  ],
  [
    'a table of fields that is resized',
    clientBegins,
    down(http2Frame(frameType.settings, Buffer.from('000100000000', 'hex'))),
    up(http2.settingsAck),
    up(
      http2.headers(
        1,
        Buffer.concat([
          Buffer.from([0x20]),
          http2.block({ ':method': 'GET', ':scheme': 'http', ':path': '/' }),
        ]),
      ),
    ),
    down(http2.answer(1, 200, { ends: true })),
  ],
  [
    'a push',
    clientBegins,
    down(http2.settings),
    up(http2.request(1)),
    down(
      http2Frame(
        frameType.pushPromise,
        Buffer.concat([
          Buffer.from('00000002', 'hex'),
          http2.block({ ':method': 'GET', ':scheme': 'http', ':path': '/p' }),
        ]),
        { streamId: 1, flags: frameFlag.endHeaders },
      ),
    ),
    down(http2.answer(1, 200, { ends: true })),
    down(http2.answer(2, 200)),
    down(http2.data(2, 'pushed')),
  ],
  [
    'answers to HTTP/2 in HTTP/1.1',
    clientBegins,
    down('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'),
  ],
  [
    'the preface alone, and a client that leaves',
    up(http2.preface),
    up(http2.settings),
    down(http2.settings),
  ],
  [
    'an extended CONNECT',
    clientBegins,
    down(http2Frame(frameType.settings, Buffer.from('000800000001', 'hex'))),
    up(
      http2.headers(
        1,
        http2.block({
          ':method': 'CONNECT',
          ':protocol': 'websocket',
          ':scheme': 'http',
          ':path': '/',
          ':authority': 'a.example',
        }),
        { ends: false },
      ),
    ),
    down(http2.answer(1, 200)),
    up(http2.data(1, 'frame', { ends: false })),
    down(http2.data(1, 'frame', { ends: false })),
  ],
  [
    'frames that break the rules',
    clientBegins,
    down(http2.settings),
    up(http2Frame(frameType.windowUpdate, Buffer.from('00000000', 'hex'), { streamId: 0 })),
    up(http2.data(0, 'x')),
    up(http2Frame(frameType.ping, Buffer.from('short'))),
  ],
];

const titled = (
  protocol: UnusualDialogue['protocol'],
  dialogues: readonly (readonly [string, ...Message[]])[],
): UnusualDialogue[] => dialogues.map(([title, ...messages]) => ({ title, protocol, messages }));

export const unusualDialogues: readonly UnusualDialogue[] = [
  ...titled('http_', http),
  ...titled('websocket_', websocket),
  ...titled('mysql_', mysql),
  ...titled('tls_', tls),
  ...titled('http2_', http2Dialogues),
];
