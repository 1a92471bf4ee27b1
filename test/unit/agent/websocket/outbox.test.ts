import { expect, it } from 'vitest';
import { Outbox } from '../../../../services/agent/websocket/outbox.ts';
import { manualClock } from '../../../support/manual-clock.ts';

function open() {
  const clock = manualClock();
  const silences: number[] = [];
  const outbox = new Outbox(clock, () => silences.push(clock.now()));
  const add = (id: string, idempotent = false) =>
    outbox.add({ id, text: `{"id":"${id}"}`, idempotent, timeoutMs: 5_000 });
  return { clock, outbox, silences, add };
}

it('hands out messages in the order they came, each once', () => {
  const { outbox, add } = open();
  void add('a');
  void add('b');
  expect([outbox.take()?.id, outbox.take()?.id, outbox.take()]).toEqual(['a', 'b', undefined]);
});

it('ends a message with the acknowledgement of its own id', async () => {
  const { clock, outbox, add } = open();
  const outcome = add('a');
  outbox.take();
  await clock.advance(40);
  expect(outbox.answer({ id: 'b', accepted: true })).toBe(false);
  expect(outbox.answer({ id: 'a', accepted: true, handler: 'TypingHandler' })).toBe(true);
  expect(await outcome).toEqual({ status: 'acknowledged', id: 'a', handler: 'TypingHandler', waitedMs: 40 });
});

it('ends a message that the server takes for invalid as a definite failure', async () => {
  const { outbox, add } = open();
  const outcome = add('a');
  outbox.take();
  outbox.answer({ id: 'a', accepted: false });
  expect(await outcome).toMatchObject({ status: 'failed', definite: true, reason: 'rejected' });
});

it('believes no acknowledgement of a message that was never sent', () => {
  const { outbox, add } = open();
  void add('a');
  expect(outbox.answer({ id: 'a', accepted: true })).toBe(false);
});

it('calls a message that was never sent in its time a definite failure', async () => {
  const { clock, add, silences } = open();
  const outcome = add('a');
  await clock.advance(5_000);
  const expected = { status: 'failed', definite: true, id: 'a', reason: 'not_sent_in_time', waitedMs: 5_000 };
  expect(await outcome).toEqual(expected);
  expect(silences).toEqual([]);
});

it('calls a message that was sent and not acknowledged unknown, and tells of the silence', async () => {
  const { clock, outbox, add, silences } = open();
  const outcome = add('a');
  outbox.take();
  await clock.advance(5_000);
  expect(await outcome).toEqual({
    status: 'unknown',
    id: 'a',
    reason: 'no_acknowledgement',
    waitedMs: 5_000,
  });
  expect(silences).toEqual([clock.now()]);
});

it('keeps what was not sent when a connection is lost, and repeats only what may be repeated', async () => {
  const { outbox, add } = open();
  const once = add('once');
  void add('again', true);
  outbox.take();
  outbox.take();
  void add('unsent');
  outbox.lose('peer_silent');
  expect(await once).toMatchObject({ status: 'unknown', reason: 'peer_silent' });
  expect([outbox.take()?.id, outbox.take()?.id, outbox.take()]).toEqual(['again', 'unsent', undefined]);
});

it('does not call a repeatable message failed once it has been sent', async () => {
  const { clock, outbox, add } = open();
  const outcome = add('again', true);
  outbox.take();
  outbox.lose('connection_lost');
  await clock.advance(5_000);
  expect(await outcome).toMatchObject({ status: 'unknown', reason: 'no_acknowledgement' });
});

it('ends every message when it is abandoned, by what is known about each', async () => {
  const { clock, outbox, add } = open();
  const sent = add('sent');
  outbox.take();
  const unsent = add('unsent');
  outbox.abandon('gave_up', 'connection_lost');
  expect(await sent).toMatchObject({ status: 'unknown', reason: 'connection_lost' });
  expect(await unsent).toMatchObject({ status: 'failed', reason: 'gave_up' });
  expect({ bytes: outbox.bytes, size: outbox.size, sleepers: clock.sleepers }).toEqual({
    bytes: 0,
    size: 0,
    sleepers: 0,
  });
});

it('counts the bytes, not the characters, of what has no outcome yet', () => {
  const { outbox } = open();
  void outbox.add({ id: 'a', text: 'Grüße', idempotent: false, timeoutMs: 5_000 });
  expect(outbox.bytes).toBe(7);
});
