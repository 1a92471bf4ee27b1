import { expect, it } from 'vitest';
import { LineSplitter } from '../../../harness/probes/line-splitter.ts';
import fc from '../../support/fast-check.ts';

function split(chunks: readonly Uint8Array[], limitBytes?: number): string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line), limitBytes);
  for (const chunk of chunks) splitter.push(chunk);
  splitter.flush();
  return lines;
}

it('gives the same lines however the bytes are cut', () => {
  const line = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !/[\r\n]/.test(text));

  fc.assert(
    fc.property(fc.array(line), fc.infiniteStream(fc.integer({ min: 1, max: 7 })), (lines, sizes) => {
      const bytes = Buffer.from(lines.map((each) => `${each}\n`).join(''));
      const chunks: Buffer[] = [];
      for (let start = 0; start < bytes.length; ) {
        const size = sizes.next().value;
        chunks.push(bytes.subarray(start, start + size));
        start += size;
      }

      expect(split(chunks)).toEqual(lines);
    }),
  );
});

it('holds an unfinished line back until it is told that no more comes', () => {
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line));

  splitter.push(Buffer.from('one\ntw'));
  expect(lines).toEqual(['one']);

  splitter.flush();
  expect(lines).toEqual(['one', 'tw']);
});

it('passes over empty lines and carriage returns', () => {
  expect(split([Buffer.from('one\r\n\n\r\ntwo\n')])).toEqual(['one', 'two']);
});

it('keeps the beginning of a line that is too long, and says how much it left out', () => {
  const lines: [string, number][] = [];
  const splitter = new LineSplitter((...line) => lines.push(line), 6);

  for (const chunk of ['aaaa', 'bbbb', 'c\n', 'ddd\n', '12345äö\n', 'eeeeeeee'])
    splitter.push(Buffer.from(chunk));
  splitter.flush();

  expect(lines).toEqual([
    ['aaaabb', 3],
    ['ddd', 0],
    ['12345', 4],
    ['eeeeee', 2],
  ]);
});

it('does not keep the chunk that it was given', () => {
  const chunk = Buffer.from('one');
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line));

  splitter.push(chunk);
  chunk.fill('x');
  splitter.push(Buffer.from('\n'));

  expect(lines).toEqual(['one']);
});
