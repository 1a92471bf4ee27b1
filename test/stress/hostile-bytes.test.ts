/**
 * Bytes that mean no good, under every toxic: noise, noise that begins like a protocol, and real dialogues that were bent,
 * byte by byte and frame by frame. A toxic may do to them what it does, but nothing throws, also when it leaves in their
 * midst, one that loses nothing or did not strike still keeps bytes and order, and what is held stays bounded.
 */

import { describe, expect, it } from 'vitest';
import type { Stream } from '../../proxy/core/events.ts';
import { toxicTypes } from '../../proxy/toxics/index.ts';
import { allSamples as samples } from '../contract/proxy/all-samples.ts';
import { type Message, plainDialogue, type Sample } from '../contract/proxy/samples/sample.ts';
import fc from '../support/fast-check.ts';
import { bentFrames, resizedFrames } from './bent-frames.ts';
import { MemoryConnection } from './memory-connection.ts';

const mebibyte = 1024 * 1024;
const minuteMs = 60_000;
/** What a reader of a protocol may keep back until it knows what it has, and what stands in queues. */
const mostHeld = 2 * mebibyte;
const streams = ['upstream', 'downstream'] as const;

/** What a parser takes for the beginning of something large. */
const beginnings: readonly Buffer[] = [
  'GET / HTTP/1.1\r\n',
  'POST /a HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n',
  'POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n',
  'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n',
  'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n',
]
  .map((text) => Buffer.from(text))
  .concat(
    Buffer.from('160301ffff', 'hex'),
    Buffer.from('16030140000100ffffff', 'hex'),
    Buffer.from('1603030000', 'hex'),
    Buffer.from('ffffff000a382e30', 'hex'),
    Buffer.from('0000000a', 'hex'),
    Buffer.from('827fffffffffffffffff', 'hex'),
    Buffer.from('81ff00000000', 'hex'),
  );

function connectionUnder({ type, attributes, stream = 'downstream' }: Sample): MemoryConnection {
  return new MemoryConnection([{ type, stream, attributes: { ...attributes }, toxicity: 1, only: {} }]);
}

/** Their effect is to throw away what they read. */
const dropping = ['timeout', 'blackhole', 'half_open'];

/** Sends, and lets time pass, and then ends both ways; the toxic leaves before the message `leaves`. */
async function play(sample: Sample, messages: readonly Message[], leaves?: number): Promise<void> {
  const connection = connectionUnder(sample);
  await connection.clock.advance(0);
  for (const [index, { stream, bytes }] of messages.entries()) {
    if (index === leaves) connection.remove(0);
    connection.send(stream, bytes);
    await connection.clock.advance(1);
  }
  for (const way of streams) connection.finish(way);
  await connection.clock.advance(minuteMs);
  expect(connection.failures).toEqual([]);
  const struck = connection.events.some(({ type }) => type === 'strike');
  const ended = connection.events.some((event) => event.type === 'close' && event.by === 'toxic');
  if (!sample.loses || !struck) for (const way of streams) connection.arrived(way);
  if (!struck) expect(ended).toBe(false);
  if (leaves === undefined && !ended) for (const way of streams) expectLoss(connection, way);
}

/** What a strike reports as not delivered is missing in the end, or the receiver waits for it. */
function expectLoss(connection: MemoryConnection, way: Stream): void {
  const lost = connection.events.find(
    (event) => event.type === 'strike' && event.stream === way && !event.delivered && event.bytes > 0,
  );
  if (lost === undefined || !connection.ended(way)) return;
  expect(connection.received(way).equals(connection.given(way)), JSON.stringify(lost)).toBe(false);
}

const noise = fc.uint8Array({ minLength: 1, maxLength: 600 }).map((bytes) => Buffer.from(bytes));
const blob = fc
  .tuple(fc.option(fc.constantFrom(...beginnings), { nil: Buffer.alloc(0) }), noise)
  .map((parts) => Buffer.concat(parts));
const message: fc.Arbitrary<Message> = fc.record({
  stream: fc.constantFrom<Stream>(...streams),
  bytes: blob,
});

/** A dialogue with bytes flipped, a part lost, or a part doubled. */
function bent(dialogue: readonly Message[]): fc.Arbitrary<Message[]> {
  const bend = fc.record({
    at: fc.nat({ max: dialogue.length - 1 }),
    how: fc.constantFrom('flip', 'cut', 'double'),
    place: fc.nat({ max: 400 }),
    value: fc.integer({ min: 1, max: 255 }),
  });
  return fc.array(bend, { minLength: 1, maxLength: 4 }).map((bends) => {
    const messages = dialogue.map(({ stream, bytes }) => ({ stream, bytes: Buffer.from(bytes) }));
    for (const { at, how, place, value } of bends) {
      const message = messages[at];
      if (!message) continue;
      const from = place % message.bytes.length;
      if (how === 'flip') message.bytes[from] = (message.bytes[from] ?? 0) ^ value;
      else if (how === 'cut') message.bytes = message.bytes.subarray(0, from);
      else message.bytes = Buffer.concat([message.bytes, message.bytes.subarray(from)]);
    }
    return messages.filter(({ bytes }) => bytes.length > 0);
  });
}

it('covers every type that carries bytes', () => {
  const carrying = [...toxicTypes.values()]
    .filter(({ accept }) => accept === undefined)
    .map(({ type }) => type);

  expect(new Set(samples.map(({ type }) => type))).toEqual(new Set(carrying));
});

const titled = samples.map((sample) => ({
  sample,
  title: `${sample.type} ${JSON.stringify(sample.attributes)}`,
}));
const buffering = titled.filter(({ sample }) => !dropping.includes(sample.type));

describe.each(titled)('$title', ({ sample }) => {
  it('survives noise', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 8 }), (messages) =>
        play(sample, messages),
      ),
      { numRuns: 60 },
    );
  });

  it('survives a dialogue that was bent', async () => {
    await fc.assert(
      fc.asyncProperty(bent(sample.dialogue ?? plainDialogue), (messages) => play(sample, messages)),
      { numRuns: 60 },
    );
  });

  it('survives each frame of another length', async () => {
    for (const messages of resizedFrames(sample.type, sample.dialogue ?? plainDialogue))
      await play(sample, messages);
  });

  it('survives a dialogue whose frames were bent, and leaving it', async () => {
    const dialogue = sample.dialogue ?? plainDialogue;
    const leaves = fc.option(fc.nat({ max: dialogue.length }), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(bentFrames(sample.type, dialogue), leaves, (messages, index) =>
        play(sample, messages, index),
      ),
      { numRuns: 100 },
    );
  });
});

describe.each(buffering)('$title', ({ sample }) => {
  it('keeps no more than two megabytes of what never ends', async () => {
    for (const beginning of beginnings) {
      const connection = connectionUnder(sample);
      await connection.clock.advance(0);
      for (const way of streams) connection.send(way, beginning);
      for (let sent = 0; sent < 4 * mebibyte; sent += 64 * 1024) {
        for (const way of streams) connection.send(way, Buffer.alloc(64 * 1024, 'x'));
        await connection.clock.advance(1);
      }
      await connection.clock.advance(minuteMs);

      for (const way of streams) expect(connection.held(way), way).toBeLessThanOrEqual(mostHeld);
    }
  });
});
