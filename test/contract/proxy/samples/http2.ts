/** Toxics that read HTTP/2. */

import { windowUpdate } from '../../../../proxy/protocols/http2-frames.ts';
import {
  block,
  data,
  headers,
  index62,
  indexedField,
  ping,
  pong,
  preface,
  request,
  settings,
  settingsAck,
} from '../../../unit/proxy/protocols/http2-bytes.ts';
import { down, type Message, type Sample, up } from './sample.ts';

const pseudo = (path: string): Buffer =>
  block({ ':method': 'GET', ':scheme': 'http', ':authority': 'a.example', ':path': path });

/** Three requests, two of them at once; fields that go into the tables of both directions and are referred to later. */
const dialogue: readonly Message[] = [
  up(
    Buffer.concat([preface, settings, headers(1, Buffer.concat([pseudo('/a'), indexedField('token', 'x')]))]),
  ),
  down(Buffer.concat([settings, settingsAck])),
  up(Buffer.concat([settingsAck, ping])),
  down(pong),
  down(
    headers(1, Buffer.concat([block({ ':status': '200' }), indexedField('server', 'y')]), { ends: false }),
  ),
  down(data(1, 'a'.repeat(200), { ends: false })),
  up(Buffer.concat([windowUpdate(0, 200), windowUpdate(1, 200)])),
  up(request(3, '/b', { ends: false })),
  up(data(3, 'b'.repeat(100))),
  down(data(1, 'c'.repeat(50))),
  down(headers(3, Buffer.concat([block({ ':status': '201' }), index62]), { ends: true })),
  up(headers(5, Buffer.concat([pseudo('/c'), index62]))),
  down(headers(5, Buffer.concat([block({ ':status': '200' }), index62]), { ends: false })),
  down(data(5, 'd'.repeat(300))),
];

const withoutDialogue: readonly Sample[] = [
  { type: 'http2_goaway', attributes: {}, harmless: { nth: 4 }, loses: true },
  {
    type: 'http2_goaway',
    attributes: { code: 11, last_stream: 'previous', path: '/b', debug: 'calm' },
    harmless: { path: '/z' },
    loses: true,
  },
  { type: 'http2_goaway', attributes: { last_stream: 'zero', nth: 2, ending: 'hold' }, loses: true },
  { type: 'http2_goaway', attributes: { last_stream: 'maximum', ending: 'hold' }, loses: true },
  { type: 'http2_goaway', attributes: { when: 'answer', ending: 'close' }, loses: true },
  { type: 'http2_goaway', attributes: { when: 'answer', ending: 'reset' }, loses: true },
  { type: 'http2_reset', attributes: { method: 'GET', nth: 1 }, harmless: { method: 'PUT' }, loses: true },
  { type: 'http2_reset', attributes: { at: 'answer', code: 2, first: 2 }, loses: true },
  {
    type: 'http2_reset',
    attributes: { at: 'headers', code: 8 },
    harmless: { at: 'headers', nth: 2 },
    loses: true,
  },
  {
    type: 'http2_reset',
    attributes: { at: 'body', after_bytes: 220 },
    harmless: { at: 'body', after_bytes: 300 },
    loses: true,
  },
  { type: 'http2_stall', attributes: { window: 0 }, loses: true },
  { type: 'http2_stall', stream: 'both', attributes: { window: 100 }, loses: true },
  { type: 'http2_late_ack', attributes: {}, harmless: { of: 'settings', nth: 2 }, loses: true },
  { type: 'http2_late_ack', stream: 'both', attributes: { of: 'settings', delay: 30 }, loses: true },
];

export const samples = withoutDialogue.map((sample) => ({ ...sample, dialogue }));
