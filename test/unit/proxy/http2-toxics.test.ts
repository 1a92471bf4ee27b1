/** The toxics of HTTP/2, frame by frame. */
import { expect, it } from 'vitest';
import { frameType, windowUpdate, writeFrame } from '../../../proxy/protocols/http2-frames.ts';
import {
  answer,
  block,
  data,
  describeFrames,
  headers,
  index62,
  indexedField,
  pong,
  preface,
  request,
  settings,
} from './protocols/http2-bytes.ts';
import { ToxicRig } from './toxic-rig.ts';

/** A connection on which both ends have said their SETTINGS. */
function open(type: string, attributes: object, options = {}): ToxicRig {
  const rig = new ToxicRig({ type, attributes }, options);
  rig.arrive(Buffer.concat([preface, settings]), 'upstream');
  rig.arrive(settings);
  return rig;
}

const toClient = (rig: ToxicRig): string[] => describeFrames(rig.output()).slice(1);
const toServer = (rig: ToxicRig): string[] =>
  describeFrames(rig.output('upstream').slice(preface.length)).slice(1);
const ended = (rig: ToxicRig): string[] =>
  rig.outcomes.filter(({ stream }) => stream === undefined).map(({ what }) => what);

it('http2_goaway waits for the server’s SETTINGS, which come first', () => {
  const rig = new ToxicRig({ type: 'http2_goaway', attributes: { ending: 'hold' } });
  rig.arrive(Buffer.concat([preface, settings, request(1)]), 'upstream');
  expect(rig.output()).toBe('');
  rig.arrive(settings);

  expect(toClient(rig)).toEqual(['goAway 0: last 1, code 0, ']);
});

it('http2_goaway waits for the end of a frame that is under way', () => {
  const rig = open('http2_goaway', { nth: 2, ending: 'hold' });
  rig.arrive(request(1), 'upstream');
  const content = data(1, 'abcdef');
  rig.arrive(Buffer.concat([answer(1), content.subarray(0, 11)]));
  rig.arrive(request(3), 'upstream');
  rig.arrive(content.subarray(11));

  expect(toClient(rig)).toEqual(['headers 1', 'data 1: abcdef ends', 'goAway 0: last 3, code 0, ']);
});

it('http2_goaway drains: FIN behind the last answer, and nothing that the client still opens reaches the server', () => {
  const rig = open('http2_goaway', { nth: 2 });
  rig.arrive(request(1), 'upstream');
  rig.arrive(request(3), 'upstream');
  rig.arrive(request(5, '/', { ends: false }), 'upstream');
  rig.arrive(data(5, 'late'), 'upstream');
  rig.arrive(Buffer.concat([answer(1), data(1, 'one')]));
  expect(ended(rig)).toEqual([]);
  rig.arrive(Buffer.concat([answer(3), data(3, 'three')]));

  expect(toServer(rig)).toEqual(['headers 1 ends', 'headers 3 ends']);
  expect(toClient(rig)).toEqual([
    'goAway 0: last 3, code 0, ',
    'windowUpdate 0: 4',
    'headers 1',
    'data 1: one ends',
    'headers 3',
    'data 3: three ends',
  ]);
  expect(ended(rig)).toEqual(['close fin']);
  expect(rig.strikes).toMatchObject([{ reason: 'GOAWAY NO_ERROR, last stream 3', delivered: true }]);
});

it('http2_goaway with last_stream=zero swallows the answers of what it disowns', () => {
  const rig = open('http2_goaway', { nth: 2, last_stream: 'zero', ending: 'hold' });
  rig.arrive(request(1), 'upstream');
  rig.arrive(request(3), 'upstream');
  rig.arrive(Buffer.concat([answer(1), data(1, 'unheard')]));

  expect(toClient(rig)).toEqual(['goAway 0: last 0, code 0, ']);
  expect(toServer(rig)).toEqual(['headers 1 ends', 'windowUpdate 0: 7']);
});

it('http2_goaway announces once on a connection', () => {
  const rig = open('http2_goaway', { ending: 'hold' });
  for (const id of [1, 3, 5]) rig.arrive(request(id), 'upstream');

  expect(rig.strikes).toHaveLength(1);
});

it('http2_goaway acts on a connection that was open before it', () => {
  const rig = new ToxicRig(
    { type: 'http2_goaway', attributes: { last_stream: 'previous', code: 11 } },
    { foundOpen: true, passed: 1_000 },
  );
  rig.arrive(request(9), 'upstream');
  expect(describeFrames(rig.output())).toEqual([]);
  rig.arrive(data(7, 'rest'));

  expect(describeFrames(rig.output())).toEqual(['data 7: rest ends', 'goAway 0: last 7, code 11, ']);
  expect(rig.output('upstream')).toBe('');
});

it('http2_goaway takes a direction that was silent for half a second to be between frames', async () => {
  const rig = new ToxicRig(
    { type: 'http2_goaway', attributes: { last_stream: 'previous' } },
    { foundOpen: true, passed: 1_000 },
  );
  rig.arrive(request(9), 'upstream');
  await rig.advance(499);
  expect(rig.output()).toBe('');
  await rig.advance(1);

  expect(describeFrames(rig.output())).toEqual(['goAway 0: last 7, code 0, ']);
  expect(ended(rig)).toEqual(['close fin']);
});

it('http2_reset shortens a frame to the bytes that may pass, and gives the window of the rest back', () => {
  const rig = open('http2_reset', { at: 'body', after_bytes: 5, code: 2 });
  rig.arrive(request(1), 'upstream');
  const content = data(1, 'abcdefghij', { ends: false });
  rig.arrive(Buffer.concat([answer(1), data(1, 'ab', { ends: false }), content.subarray(0, 10)]));
  rig.arrive(content.subarray(10));
  rig.arrive(data(1, 'more'));

  expect(toClient(rig)).toEqual(['headers 1', 'data 1: ab', 'data 1: abc', 'rstStream 1: 2']);
  expect(toServer(rig)).toEqual([
    'headers 1 ends',
    'windowUpdate 0: 7',
    'rstStream 1: 8',
    'windowUpdate 0: 4',
  ]);
});

it('http2_reset leaves an answer alone that has no more than that', () => {
  const rig = open('http2_reset', { at: 'body', after_bytes: 4 });
  rig.arrive(request(1), 'upstream');
  rig.arrive(Buffer.concat([answer(1), data(1, 'abcd')]));

  expect(toClient(rig)).toEqual(['headers 1', 'data 1: abcd ends']);
  expect(rig.strikes).toEqual([]);
});

it('http2_reset leaves an answer without content alone at its headers', () => {
  const rig = open('http2_reset', { at: 'headers' });
  rig.arrive(request(1), 'upstream');
  rig.arrive(answer(1, 204, { ends: true }));

  expect(toClient(rig)).toEqual(['headers 1 ends']);
  expect(rig.strikes).toEqual([]);
});

it('http2_reset in mid-upload swallows the rest of it', () => {
  const rig = open('http2_reset', { at: 'answer', code: 11 });
  rig.arrive(request(1, '/', { ends: false }), 'upstream');
  rig.arrive(answer(1, 200));
  rig.arrive(data(1, 'unread'), 'upstream');

  expect(toClient(rig)).toEqual(['rstStream 1: 11', 'windowUpdate 0: 6']);
  expect(toServer(rig)).toEqual(['headers 1', 'rstStream 1: 8']);
});

it('http2_reset takes trailers out without breaking the table of the client', () => {
  const rig = open('http2_reset', { at: 'body', nth: 1 });
  rig.arrive(Buffer.concat([request(1), request(3)]), 'upstream');
  rig.arrive(Buffer.concat([answer(1), data(1, 'x', { ends: false })]));
  rig.arrive(headers(1, indexedField('grpc-status', '0')));
  rig.arrive(Buffer.concat([answer(3), data(3, 'y', { ends: false }), headers(3, index62)]));

  expect(toClient(rig)).toEqual(['headers 1', 'rstStream 1: 7', 'headers 3', 'data 3: y', 'headers 3 ends']);
  expect(rig.output()).toContain(block({ 'grpc-status': '0' }).toString('latin1'));
});

it('http2_reset says that it cannot take out blocks of a connection whose beginning it missed', () => {
  const rig = new ToxicRig({ type: 'http2_reset', attributes: {} }, { foundOpen: true, passed: 1_000 });
  rig.arrive(request(9), 'upstream');

  expect(describeFrames(rig.output('upstream'))).toEqual(['headers 9 ends']);
  expect(rig.skips).toEqual(['HTTP/2 whose beginning was missed']);
});

it('resets a connection from which a block was taken out when it is lifted', () => {
  const rig = open('http2_reset', {});
  rig.arrive(request(1), 'upstream');
  rig.lift();

  expect(ended(rig)).toEqual(['close reset']);
});

it('refuses last_stream=previous behind an answer', () => {
  expect(
    () => new ToxicRig({ type: 'http2_goaway', attributes: { when: 'answer', last_stream: 'previous' } }),
  ).toThrow('last_stream');
});

it('http2_stall names a small window to the sender, and keeps what would refill it', () => {
  const rig = new ToxicRig({ type: 'http2_stall', attributes: { window: 7 } });
  const own = writeFrame(frameType.settings, Buffer.from('00040000ffff000300000064', 'hex'));
  rig.arrive(Buffer.concat([preface, own, windowUpdate(0, 50), windowUpdate(1, 50)]), 'upstream');
  rig.arrive(settings);

  expect(rig.output('upstream')).toBe(
    Buffer.concat([
      preface,
      writeFrame(frameType.settings, Buffer.from('000400000007000300000064', 'hex')),
      windowUpdate(0, 50),
    ]).toString('latin1'),
  );
  expect(rig.output()).toBe(settings.toString('latin1'));
});

it('http2_stall hands on what it kept back on a connection that was open before it', () => {
  const rig = new ToxicRig({ type: 'http2_stall', attributes: {} }, { foundOpen: true, passed: 1_000 });
  rig.arrive(Buffer.concat([windowUpdate(1, 50), windowUpdate(1, 20), windowUpdate(3, 5)]), 'upstream');
  expect(rig.output('upstream')).toBe('');
  rig.lift();

  expect(describeFrames(rig.output('upstream'))).toEqual(['windowUpdate 1: 70', 'windowUpdate 3: 5']);
});

it('http2_stall leaves frames of a wrong length to the other end, and gives back no more than a window can be', () => {
  const rig = new ToxicRig({ type: 'http2_stall', attributes: {} }, { foundOpen: true, passed: 1_000 });
  rig.arrive(
    Buffer.concat([windowUpdate(1, 50), windowUpdate(5, 0x7fff_ffff), windowUpdate(5, 9)]),
    'upstream',
  );
  const wrong = [
    writeFrame(frameType.windowUpdate, Buffer.alloc(0), { streamId: 1 }),
    writeFrame(frameType.windowUpdate, Buffer.alloc(5), { streamId: 1 }),
    writeFrame(frameType.settings, Buffer.alloc(7)),
  ];
  const reserved = writeFrame(frameType.windowUpdate, Buffer.from('80000003', 'hex'), { streamId: 3 });
  rig.arrive(Buffer.concat([...wrong, reserved]), 'upstream');
  expect(rig.output('upstream')).toBe(Buffer.concat(wrong).toString('latin1'));
  rig.lift();

  expect(describeFrames(rig.output('upstream').slice(Buffer.concat(wrong).length))).toEqual([
    'windowUpdate 1: 50',
    'windowUpdate 5: 2147483647',
    'windowUpdate 3: 3',
  ]);
});

it('http2_late_ack lets everything else overtake the acknowledgement', async () => {
  const rig = open('http2_late_ack', { delay: 100 });
  rig.arrive(request(1), 'upstream');
  rig.arrive(Buffer.concat([pong, answer(1)]));
  await rig.advance(60);
  rig.arrive(data(1, 'x'));
  await rig.advance(39);
  expect(toClient(rig)).toEqual(['headers 1', 'data 1: x ends']);
  await rig.advance(1);

  expect(toClient(rig)).toEqual(['headers 1', 'data 1: x ends', 'ping 0 ack']);
});

it('http2_late_ack hands on what it holds before its sender ends', () => {
  const rig = open('http2_late_ack', { delay: 100 });
  rig.arrive(pong);
  rig.arriveEnd();

  expect(rig.outcomes.map(({ what }) => what).slice(-2)).toEqual([pong.toString('latin1'), '<end>']);
});

it.each([
  'http2_stall',
  'http2_late_ack',
])('%s resets where it is lifted within a frame, in which it would have to put one', (type) => {
  const rig = new ToxicRig(
    { type, stream: 'both', attributes: type === 'http2_stall' ? {} : { delay: 100 } },
    { foundOpen: true, passed: 1_000 },
  );
  rig.arrive(Buffer.concat([windowUpdate(1, 50), pong, data(1, 'content').subarray(0, 12)]));
  rig.lift();

  expect(ended(rig)).toEqual(['close reset']);
});

it('http2_stall puts what it kept back before what is held of a frame', () => {
  const rig = new ToxicRig(
    { type: 'http2_stall', stream: 'both', attributes: {} },
    { foundOpen: true, passed: 1_000 },
  );
  const half = pong.subarray(0, 12);
  rig.arrive(Buffer.concat([windowUpdate(1, 50), half]));
  rig.lift();

  expect(rig.output()).toBe(Buffer.concat([windowUpdate(1, 50), half]).toString('latin1'));
});

it('http2_stall leaves errors to the other end, and forgets streams that are over', () => {
  const rig = open('http2_stall', { window: 2 ** 31 - 1 });
  const tooMuch = writeFrame(frameType.settings, Buffer.from('0004ffffffff', 'hex'));
  const onStream = writeFrame(frameType.settings, Buffer.from('000400000001', 'hex'), { streamId: 3 });
  const errors = [windowUpdate(1, 0), tooMuch, onStream];
  rig.arrive(request(1), 'upstream');
  const before = rig.output('upstream').length;
  rig.arrive(Buffer.concat(errors), 'upstream');
  expect(rig.output('upstream').slice(before)).toBe(Buffer.concat(errors).toString('latin1'));
  rig.arrive(windowUpdate(1, 50), 'upstream');
  rig.arrive(Buffer.concat([answer(1), data(1, 'x')]));
  rig.lift();

  expect(rig.output('upstream').slice(before)).toBe(Buffer.concat(errors).toString('latin1'));
});
