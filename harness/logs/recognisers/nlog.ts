import { textFormat } from '../text-format.ts';

export const nlog = textFormat({
  id: 'nlog',
  writtenBy: 'NLog',
  patterns: [
    /^(?<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{4})\|(?<level>[A-Za-z]+)\|(?<logger>[^|]*)\|(?<message>.*)$/s,
  ],
  samples: [
    {
      lines: '2026-03-02 10:00:00.2500|WARN|Fleet.Heartbeat|late',
      level: 'warn',
      message: 'late',
      fields: { logger: 'Fleet.Heartbeat' },
    },
  ],
});
