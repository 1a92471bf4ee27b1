import { readLeading } from '../leading-level.ts';
import type { Recogniser } from '../recogniser.ts';
import { mostMatched } from '../text-format.ts';

/** Any text with a level where levels stand, or with a stamp before it: what people write by hand. */
export const text: Recogniser = {
  id: 'text',
  writtenBy:
    'any other line with a level or a time at its beginning: `[ERROR] …`, `10:00:00 | WARN | …`, `info: …`',
  fallback: true,
  more: 'trace',
  read(line) {
    const reading = readLeading(line.text.slice(0, mostMatched));
    return reading && { ...reading, message: reading.message + line.text.slice(mostMatched) };
  },
  samples: [
    {
      lines: '[2026/03/02 05:20:09] [ warn] [engine] failed to flush',
      level: 'warn',
      message: '[engine] failed to flush',
    },
    {
      lines: '[2026-03-02 14:05:48Z ERR  JobService] POST failed',
      level: 'error',
      message: 'JobService: POST failed',
      time: 1_772_460_348_000,
    },
    {
      lines: '2026-03-02 04:39:34 UTC | PROCESS | ERROR | (worker.go:178) | gave up',
      level: 'error',
      message: '(worker.go:178) | gave up',
    },
    { lines: '05:23:16.817Z [DEBUG] Stream started', level: 'debug', message: 'Stream started' },
    { lines: '23:13:41 | SSL - handshake failed', level: 'unknown', message: 'SSL - handshake failed' },
    { lines: 'warn: late {"attempt":3}', level: 'warn', message: 'late {"attempt":3}' },
    {
      lines: '20:26:17.352 - POST /api/fleet/report - 200',
      level: 'unknown',
      message: 'POST /api/fleet/report - 200',
    },
    {
      lines: 'ERROR - Server URL configured as: http://a',
      level: 'error',
      message: 'Server URL configured as: http://a',
    },
  ],
};
