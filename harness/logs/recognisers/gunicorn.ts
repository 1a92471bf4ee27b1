import { textFormat } from '../text-format.ts';

export const gunicorn = textFormat({
  id: 'gunicorn',
  writtenBy: 'gunicorn',
  patterns: [
    /^\[(?<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4})\] \[(?<pid>\d+)\] \[(?<level>[A-Z]+)\] (?<message>.*)$/s,
  ],
  samples: [
    {
      lines: '[2026-03-02 10:00:00 +0000] [7] [CRITICAL] WORKER TIMEOUT (pid:9)',
      level: 'fatal',
      message: 'WORKER TIMEOUT (pid:9)',
      time: 1_772_445_600_000,
      fields: { pid: '7' },
    },
  ],
});
