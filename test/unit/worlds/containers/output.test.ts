import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { Output } from '../../../../harness/worlds/containers/output.ts';

it('hands on each line, and says when it is ready and when it has ended', async () => {
  const lines: string[] = [];
  const output = new Output(/^ready/, (line) => lines.push(line));
  const stream = new PassThrough();
  output.follow(stream);

  stream.write('starting\nrea');
  stream.write('dy now\nwithout an end');
  await output.ready;
  stream.end();
  await output.ended;

  expect(lines).toEqual(['starting', 'ready now', 'without an end']);
  expect(output.lastLines).toEqual(lines);
});

it('keeps no more than the beginning of a line that does not end', async () => {
  const output = new Output(/never/);
  const stream = new PassThrough();
  output.follow(stream);

  for (let n = 0; n < 20; n += 1) stream.write('x'.repeat(10_000));
  stream.end();
  await output.ended;

  await expect(output.ready).rejects.toThrow('it ended before it was ready');
  expect(output.lastLines[0]).toMatch(/^x+… \(\+134464 characters\)$/);
});
