/** Toxics that read WebSocket. */

import { anyMaskKey, opcode, writeFrame } from '../../../../proxy/protocols/websocket-frames.ts';
import { damageKinds as kinds } from '../../../../proxy/toxics/websocket-damage.ts';
import { down, type Message, type Sample, up } from './sample.ts';

const request = up(
  'GET /chat HTTP/1.1\r\nHost: example.org\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n' +
    'Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n',
);
const accepted =
  'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
  'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n';

const fromClient = (code: number, text: string, fin = true): Message =>
  up(writeFrame(code, Buffer.from(text), { fin, maskKey: anyMaskKey }));
const fromServer = (code: number, text: string, fin = true): Buffer =>
  writeFrame(code, Buffer.from(text), { fin });

/** An upgrade, the server's first frame together with its answer, then messages of all kinds, some in fragments. */
const dialogue: readonly Message[] = [
  request,
  down(Buffer.concat([Buffer.from(accepted), fromServer(opcode.text, 'welcome')])),
  fromClient(opcode.text, 'hello'),
  down(fromServer(opcode.binary, 'b'.repeat(200))),
  down(fromServer(opcode.ping, 'p1')),
  fromClient(opcode.pong, 'p1'),
  fromClient(opcode.text, 'in ', false),
  fromClient(opcode.ping, ''),
  fromClient(opcode.continuation, 'parts'),
  down(fromServer(opcode.text, 'c'.repeat(300))),
  down(fromServer(opcode.text, 'one', false)),
  down(fromServer(opcode.continuation, 'two')),
  down(fromServer(opcode.close, '\x03\xe8')),
  fromClient(opcode.close, '\x03\xe8'),
];

const withoutDialogue: readonly Sample[] = [
  {
    type: 'websocket_refuse',
    attributes: { status: 429, body: 'later', retry_after: '5' },
    harmless: { nth: 2 },
    loses: true,
  },
  { type: 'websocket_no_compression', attributes: {}, loses: true },
  { type: 'websocket_drop', attributes: { opcode: 'text', every: 2 }, harmless: { nth: 100 }, loses: true },
  { type: 'websocket_drop', stream: 'upstream', attributes: { opcode: 'pong' }, loses: true },
  { type: 'websocket_drop', stream: 'both', attributes: {}, loses: true },
  {
    type: 'websocket_delay',
    attributes: { delay: 50, opcode: 'binary' },
    harmless: { opcode: 'any' },
    loses: false,
  },
  {
    type: 'websocket_fragment',
    stream: 'both',
    attributes: { fragments: 3 },
    harmless: { fragments: 1 },
    loses: true,
  },
  {
    type: 'websocket_damage',
    attributes: { kind: 'oversized', declared_bytes: 2 ** 20, nth: 1 },
    loses: true,
  },
  ...kinds.map((kind) => ({
    type: 'websocket_damage',
    stream: 'both' as const,
    attributes: { kind, nth: 2 },
    loses: true,
  })),
  {
    type: 'websocket_close',
    attributes: { code: 1_012, reason: 'restart' },
    harmless: { after_frames: 100 },
    loses: true,
  },
  {
    type: 'websocket_close',
    stream: 'both',
    attributes: { code: 0, after_frames: 2, ending: 'hold' },
    loses: true,
  },
  { type: 'websocket_close', stream: 'upstream', attributes: { ending: 'fin' }, loses: true },
  { type: 'websocket_close', attributes: { after_ms: 20 }, loses: true },
  { type: 'websocket_cut', attributes: { after_frames: 1 }, harmless: { after_ms: 60_000 }, loses: true },
  { type: 'websocket_cut', attributes: { after_frames: 1, after_ms: 20 }, loses: true },
  { type: 'websocket_cut', attributes: { action: 'reset', bytes: 3 }, loses: true },
  {
    type: 'websocket_cut',
    stream: 'upstream',
    attributes: { action: 'half_close', opcode: 'ping', after_frames: 1 },
    loses: true,
  },
  { type: 'websocket_stall', attributes: { after_frames: 2 }, harmless: { after_frames: 100 }, loses: false },
  { type: 'websocket_stall', attributes: { after_ms: 20 }, loses: false },
  { type: 'websocket_stall', stream: 'upstream', attributes: {}, loses: false },
];

export const samples = withoutDialogue.map((sample) => ({ ...sample, dialogue }));
