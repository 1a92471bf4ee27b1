import { textFormat } from '../text-format.ts';

export const mysql = textFormat({
  id: 'mysql',
  writtenBy: 'MySQL and MariaDB error logs',
  patterns: [
    /^(?<time>\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d\.\d+(?:Z|[+-]\d\d:\d\d)| {1,2}\d{1,2}:\d\d:\d\d)) (?<thread>\d+) \[(?<level>Note|Warning|ERROR|System)\] (?:\[(?<code>MY-\d+)\] \[(?<subsystem>\w+)\] )?(?<message>.*)$/s,
  ],
  samples: [
    {
      lines: '2026-03-02T10:00:00.250000Z 17 [Warning] [MY-010055] [Server] IP address could not be resolved',
      level: 'warn',
      message: 'IP address could not be resolved',
      time: 1_772_445_600_250,
      fields: { thread: '17', code: 'MY-010055', subsystem: 'Server' },
    },
    {
      lines: '2026-03-02 10:00:00 0 [Note] Aborted connection 17',
      level: 'info',
      message: 'Aborted connection 17',
    },
  ],
});
