/** A log whose reader is slow, or gone. */
import { PassThrough, Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { LineWriter } from '../../../../proxy/cli/line-writer.ts';
import { systemClock } from '../../../../proxy/core/clock.ts';

const notice = (leftOut: number): string => `${leftOut} left out\n`;

it('leaves out what its reader does not read, and says how much once it does', async () => {
  const stream = new PassThrough();
  const writer = new LineWriter(stream, notice);
  const line = `${'x'.repeat(99_999)}\n`;

  for (let index = 0; index < 30; index += 1) writer.write(line);
  expect(stream.writableLength).toBeLessThan(2 * 1024 * 1024);

  let read = '';
  stream.on('data', (bytes) => {
    read += bytes;
  });
  await expect.poll(() => read).toContain('left out');
  const lines = read.split('\n');
  const leftOut = Number.parseInt(lines.at(-2) ?? '', 10);
  expect(lines.length - 2 + leftOut).toBe(30);
});

it('waits for the last line to be read, but not for ever', async () => {
  const held = new Writable({ write: () => {} });
  const quick = new PassThrough().resume();

  for (const stream of [held, quick]) new LineWriter(stream, notice).write('last\n');

  expect(await new LineWriter(quick, notice).flush(systemClock(), 5_000)).toBe(true);
  expect(await new LineWriter(held, notice).flush(systemClock(), 20)).toBe(false);
});

it('goes on when its reader is gone', async () => {
  const stream = new PassThrough();
  const writer = new LineWriter(stream, notice);
  stream.destroy(new Error('EPIPE'));
  await expect.poll(() => stream.closed).toBe(true);

  writer.write('nobody reads this\n');

  expect(stream.writableLength).toBe(0);
});
