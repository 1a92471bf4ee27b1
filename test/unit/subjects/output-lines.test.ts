import { createInterface } from 'node:readline';
import { PassThrough, Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { expect, it } from 'vitest';
import { onEachLine } from '../../../harness/subjects/output-lines.ts';
import fc from '../../support/fast-check.ts';

async function linesOf(chunks: readonly Uint8Array[]): Promise<string[]> {
  const stream = new PassThrough();
  const lines: string[] = [];
  onEachLine(stream, (line) => lines.push(line));
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  await finished(stream);
  return lines;
}

it('gives the lines that readline gives, however the bytes are cut', async () => {
  const text = fc.array(fc.constantFrom('a', 'ä', '🔁', '\n', '\r\n', '\r', ''), { maxLength: 30 });

  await fc.assert(
    fc.asyncProperty(text, fc.integer({ min: 1, max: 5 }), async (parts, size) => {
      const bytes = Buffer.from(parts.join(''));
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
        bytes.subarray(n * size, (n + 1) * size),
      );
      const expected: string[] = [];
      for await (const line of createInterface({
        input: Readable.from([bytes]),
        crlfDelay: Number.POSITIVE_INFINITY,
      }))
        expected.push(line);

      expect(await linesOf(chunks)).toEqual(expected);
    }),
    { numRuns: 60 },
  );
});

it('keeps the beginning of a line that never ends', async () => {
  const lines = await linesOf([
    ...Array<Buffer>(40).fill(Buffer.alloc(64 * 1024, 'x')),
    Buffer.from('\nnext\n'),
  ]);

  expect(lines[0]).toMatch(/^x{65536}… \(\+2555904 characters\)$/);
  expect(lines[1]).toBe('next');
});
