import { textFormat } from '../text-format.ts';

export const loguru = textFormat({
  id: 'loguru',
  writtenBy: 'loguru',
  patterns: [
    /^(?<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}) \| (?<level>[A-Z]+) *\| (?<logger>[^|\s]+):(?<line>\d+) - (?<message>.*)$/s,
  ],
  samples: [
    {
      lines: '2026-03-02 10:00:00.250 | SUCCESS  | agent.main:run:12 - sent',
      level: 'info',
      message: 'sent',
      fields: { logger: 'agent.main:run', line: '12' },
    },
  ],
});
