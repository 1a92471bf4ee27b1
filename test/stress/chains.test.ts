/** Chains of random toxics that lose nothing: whatever is added, changed and removed on the way, every byte arrives in order. */

import { expect, it } from 'vitest';
import type { Stream } from '../../proxy/core/events.ts';
import fc from '../support/fast-check.ts';
import { type HarmlessToxic, harmlessToxic } from './harmless-toxics.ts';
import { MemoryConnection } from './memory-connection.ts';

const longEnoughMs = 3_600_000;
const streams = ['upstream', 'downstream'] as const;

type Action =
  | { readonly kind: 'send'; readonly stream: Stream; readonly bytes: number }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'read'; readonly stream: Stream; readonly reads: boolean }
  | { readonly kind: 'add'; readonly toxic: HarmlessToxic }
  | { readonly kind: 'change'; readonly index: number; readonly toxic: HarmlessToxic }
  | { readonly kind: 'remove'; readonly index: number };

const stream = fc.constantFrom<Stream>('upstream', 'upstream', 'upstream', 'downstream');
const index = fc.nat({ max: 5 });
const size = fc.oneof(
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 200 }) },
  fc.integer({ min: 1, max: 90_000 }),
);
const send: fc.Arbitrary<Action> = fc.record({ kind: fc.constant('send'), stream, bytes: size });
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 8, arbitrary: send },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('wait'), ms: fc.nat({ max: 700 }) }) },
  fc.record({ kind: fc.constant('read'), stream, reads: fc.boolean() }),
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('add'), toxic: harmlessToxic }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('change'), index, toxic: harmlessToxic }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove'), index }) },
);

/** Each byte tells its place, so that a swap shows. */
function createMessages(): (bytes: number) => Buffer {
  let place = 0;
  return (bytes) => {
    const message = Buffer.allocUnsafe(bytes);
    for (let at = 0; at < bytes; at += 1) message[at] = (place + at) % 251;
    place += bytes;
    return message;
  };
}

async function perform(
  connection: MemoryConnection,
  step: Action,
  next: Record<Stream, (bytes: number) => Buffer>,
) {
  switch (step.kind) {
    case 'send':
      connection.send(step.stream, next[step.stream](step.bytes));
      break;
    case 'wait':
      await connection.clock.advance(step.ms);
      break;
    case 'read':
      connection.read(step.stream, step.reads);
      break;
    case 'add':
      connection.add(step.toxic);
      break;
    case 'change':
      connection.change(step.index, step.toxic);
      break;
    case 'remove':
      connection.remove(step.index);
  }
}

it('loses no byte and keeps the order while toxics come, change and go', async () => {
  const chain = fc.array(harmlessToxic, { maxLength: 5 });
  const actions = fc.array(action, { minLength: 10, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(chain, actions, async (toxics, steps) => {
      const connection = new MemoryConnection(toxics);
      const next = { upstream: createMessages(), downstream: createMessages() };
      await connection.clock.advance(0);
      for (const step of steps) {
        await perform(connection, step, next);
        for (const way of streams) connection.arrived(way);
      }

      while (connection.toxics > 0) connection.remove(0);
      for (const way of streams) {
        connection.read(way, true);
        connection.finish(way);
      }
      await connection.clock.advance(longEnoughMs);

      for (const way of streams) {
        expect(connection.arrived(way)).toBe(connection.sent(way));
        expect(connection.ended(way)).toBe(true);
      }
      expect(connection.events.at(-1)).toMatchObject({ type: 'close', end: 'fin' });
      expect(connection.clock.sleepers).toBe(0);
    }),
    { numRuns: 1_000 },
  );
});

it('loses no byte and keeps the order however the bytes are split', async () => {
  const chain = fc.array(harmlessToxic, { minLength: 1, maxLength: 6 });
  const pieces = fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(chain, pieces, async (toxics, sizes) => {
      const lets = toxics.filter(({ type }) => !['stall', 'cut', 'reset_after'].includes(type));
      const connection = new MemoryConnection(lets);
      const next = createMessages();
      for (const bytes of sizes) connection.send('upstream', next(bytes));
      connection.finish('upstream');
      await connection.clock.advance(longEnoughMs);

      expect(connection.arrived('upstream')).toBe(connection.sent('upstream'));
      expect(connection.ended('upstream')).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});
