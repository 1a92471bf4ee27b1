import { expect, it } from 'vitest';
import { LogThrottle } from '../../../../services/agent/shared/log-throttle.ts';
import { manualClock } from '../../../support/manual-clock.ts';
import { recordingLog } from '../recording-log.ts';

function setUp() {
  const log = recordingLog();
  const clock = manualClock();
  const throttle = new LogThrottle(log, clock);
  const write = (n: number, key = 'refused') =>
    throttle.write({ key, level: 'error', message: `failure ${n}`, fields: { n } });
  const messages = () => log.records.map(({ message }) => message);
  return { log, clock, throttle, write, messages };
}

it('writes the first of a kind at once, and each kind for itself', () => {
  const { write, messages } = setUp();

  write(1);
  write(2);
  write(3, 'reset');

  expect(messages()).toEqual(['failure 1', 'failure 3']);
});

it('at the end of a window says how many it left out, and writes the last one', async () => {
  const { log, clock, write } = setUp();
  for (let n = 1; n <= 10; n += 1) {
    write(n);
    await clock.advance(5_000);
  }

  await clock.advance(10_000);

  expect(log.records).toMatchObject([
    { message: 'failure 1' },
    { level: 'error', fields: { event: 'suppressed', key: 'refused', count: 8, sinceMs: 60_000 } },
    { level: 'error', message: 'failure 10', fields: { n: 10, heldBackMs: 15_000 } },
  ]);
});

it('accounts for every record: written or counted', async () => {
  const { log, clock, write, throttle } = setUp();
  for (let n = 1; n <= 500; n += 1) {
    write(n);
    await clock.advance(1_700);
  }
  throttle[Symbol.dispose]();

  const written = log.records.filter(({ fields }) => 'n' in fields).length;
  const counted = log.records.reduce((sum, { fields }) => sum + Number(fields.count ?? 0), 0);
  expect(written + counted).toBe(500);
  expect(log.records.at(-1)?.fields.n).toBe(500);
  expect(log.records.length).toBeLessThan(50);
});

it('doubles its windows up to five minutes', async () => {
  const { log, clock, write } = setUp();
  for (let n = 1; n <= 1_200; n += 1) {
    write(n);
    await clock.advance(1_000);
  }

  const windows = log.records
    .filter(({ fields }) => fields.event === 'suppressed')
    .map(({ fields }) => fields.sinceMs);
  expect(windows).toEqual([60_000, 120_000, 240_000, 300_000, 300_000]);
});

it('takes a kind for new after a window without it', async () => {
  const { clock, write, messages } = setUp();

  write(1);
  await clock.advance(60_000);
  write(2);

  expect(messages()).toEqual(['failure 1', 'failure 2']);
});

it('writes what it held back when the matter is settled', () => {
  const { write, messages, throttle } = setUp();
  for (const n of [1, 2, 3]) write(n);
  write(4, 'reset');
  write(5, 'reset');

  throttle.settle((key) => key === 'refused');

  expect(messages()).toEqual(['failure 1', 'failure 4', '1 more like this in 0 s: refused', 'failure 3']);
});

it('leaves no timer when it is disposed of', () => {
  const { clock, write, throttle } = setUp();
  write(1);

  throttle[Symbol.dispose]();

  return clock.advance(0).then(() => expect(clock.sleepers).toBe(0));
});
