/** What the soak would notice: it is worth as much as its eyes. */
import { expect, it } from 'vitest';
import { trendOf } from './resources.ts';
import { Content } from './soak/content.ts';

const length = 3_000_000;

it('takes bytes for good that are those that were sent, and gives them the same hash', () => {
  const [sent, received] = [new Content(7, length), new Content(7, length)];
  while (!sent.complete) received.receive(sent.take(100_003));

  expect(received.complete).toBe(true);
  expect(received.digest()).toBe(sent.digest());
});

it.each([
  [
    'a wrong byte',
    (bytes: Buffer) =>
      Buffer.concat([bytes.subarray(0, 40), Buffer.of((bytes[40] ?? 0) ^ 1), bytes.subarray(41)]),
  ],
  ['a lost byte', (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 40), bytes.subarray(41)])],
  ['a doubled byte', (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 41), bytes.subarray(40)])],
  [
    'a swap',
    (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 40), bytes.subarray(80), bytes.subarray(40, 80)]),
  ],
])('notices %s at its place', (_what, spoil) => {
  const bytes = new Content(7, length).take(1_000);

  expect(() => new Content(7, length).receive(spoil(bytes))).toThrow(/wrong byte at 4\d of 3000000/);
});

it('notices bytes behind the last', () => {
  const content = new Content(0, 10);
  const bytes = new Content(0, 11).take(11);

  expect(() => content.receive(bytes)).toThrow('1 bytes more than were sent');
});

it('tells a line that rises from one that is flat', () => {
  const mib = 1024 * 1024;
  const flat = Array.from({ length: 100 }, (_, index) => (120 + (index % 7)) * mib);
  const warming = flat.map((value, index) => (index < 25 ? value / 2 : value));
  const rising = flat.map((value, index) => value + index * mib);

  expect(trendOf(flat).flat).toBe(true);
  expect(trendOf(warming).flat).toBe(true);
  expect(trendOf(rising).flat).toBe(false);
});
