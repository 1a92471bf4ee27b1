import { findLevel } from '../leading-level.ts';
import type { Recogniser } from '../recogniser.ts';
import { textFormat } from '../text-format.ts';

const format = textFormat({
  id: 'go-log',
  writtenBy: 'Go log; it has no levels, unless the text begins with one: `[ERROR] …`, `WARN …`',
  patterns: [
    /^(?:(?<prefix>[^\d\s]{1,40}) )?(?<time>\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d(?:\.\d{6})?) (?:(?<file>[\w./-]+\.\w+:\d+): )?(?<message>.*)$/s,
  ],
  samples: [
    { lines: '2026/03/02 10:00:00 no answer', level: 'unknown', message: 'no answer' },
    {
      lines: '[mysql] 2026/03/02 10:00:00.250000 packets.go:66: unexpected EOF',
      level: 'unknown',
      message: 'unexpected EOF',
      fields: { prefix: '[mysql]', file: 'packets.go:66' },
    },
    { lines: '2026/03/02 10:00:00 [WARN] late', level: 'warn', message: 'late' },
    {
      lines: '2026/03/02 10:00:00 fleet-agentd: ERROR: lost',
      level: 'error',
      message: 'lost',
      fields: { prefix: 'fleet-agentd' },
    },
  ],
});

export const goLog: Recogniser = {
  ...format,
  read(line) {
    const reading = format.read(line);
    const found = reading && findLevel(reading.message);
    return found === undefined
      ? reading
      : { ...reading, ...found, fields: { ...reading?.fields, ...found.fields } };
  },
};
