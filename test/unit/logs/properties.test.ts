/** What holds for any log: no line is lost, the order stays, chunks do not matter, and nothing throws. */

import { expect, it } from 'vitest';
import { LogLines } from '../../../harness/logs/log-lines.ts';
import { recognisers, wrappers } from '../../../harness/logs/recognisers/index.ts';
import type { LogRecord } from '../../../harness/logs/record.ts';
import { LineSplitter } from '../../../harness/probes/line-splitter.ts';
import fc from '../../support/fast-check.ts';

function read(
  chunks: readonly Uint8Array[],
  between: (lines: LogLines) => void = () => undefined,
): LogRecord[] {
  const records: LogRecord[] = [];
  const lines = new LogLines({ onRecord: (record) => records.push(record) });
  const splitter = new LineSplitter((line, cutBytes) => lines.line(line, cutBytes), 2_000);
  for (const chunk of chunks) {
    splitter.push(chunk);
    between(lines);
  }
  splitter.flush();
  lines.flush();
  return records;
}

/** Lines of every format, with a place for a number in each. */
const shapes: readonly string[] = [
  ...[...recognisers, ...wrappers].flatMap(({ samples }) =>
    samples.flatMap(({ lines, message }) => {
      const [line = ''] = lines.split('\n');
      const [text = ''] = message.split('\n');
      return text.length > 3 && line.endsWith(text) ? [`${line} #`] : [];
    }),
  ),
  '{"level":30,"time":1772448832411,"pid":7,"msg":"ok #"}',
  '{"severity":"ERROR","message":"no #"}',
  '{"broken #',
  '    at f (/agent/main.js:3:9) #',
  'Traceback (most recent call last): #',
  'KeyError: #',
  'Mar 02, 2026 10:00:00 AM com.example.Agent send#',
  '#',
];

it('loses no line and keeps the order', () => {
  const log = fc.array(fc.constantFrom(...shapes), { minLength: 1, maxLength: 80 });

  fc.assert(
    fc.property(log, (chosen) => {
      const text = chosen.map((shape, n) => `${shape.replace('#', `#${n}#`)}\n`).join('');
      const found = [...JSON.stringify(read([Buffer.from(text)])).matchAll(/#(\d+)#/g)].map(([, n]) =>
        Number(n),
      );

      expect([...new Set(found)]).toEqual(chosen.map((_, n) => n));
    }),
    { numRuns: 60 },
  );
});

it('gives the same records however the bytes are cut', () => {
  const line = fc.oneof(
    fc.constantFrom(...shapes).map((shape) => Buffer.from(shape)),
    fc.uint8Array({ maxLength: 12 }),
  );
  const log = fc.array(line, { maxLength: 20 });

  fc.assert(
    fc.property(
      log,
      fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 8 }),
      (lines, sizes) => {
        const bytes = Buffer.concat(lines.flatMap((each) => [each, Buffer.from('\n')]));
        const chunks: Buffer[] = [];
        for (let start = 0; start < bytes.length; ) {
          const size = sizes[chunks.length % sizes.length] ?? 1;
          chunks.push(bytes.subarray(start, start + size));
          start += size;
        }

        expect(JSON.stringify(read(chunks))).toBe(JSON.stringify(read([bytes])));
      },
    ),
    { numRuns: 60 },
  );
});

it('takes any bytes, and gives records that are JSON', () => {
  const rubbish = fc.array(
    fc.oneof(
      fc.uint8Array({ maxLength: 3_000 }),
      fc.constantFrom(...shapes).map((shape) => Buffer.from(`${shape}\n`)),
    ),
  );

  fc.assert(
    fc.property(rubbish, (chunks) => {
      const records = read(chunks, (lines) => lines.settle());

      for (const record of records) {
        expect(typeof record.message).toBe('string');
        expect(JSON.parse(JSON.stringify(record))).toMatchObject({ level: record.level });
      }
    }),
  );
});
