import { textFormat } from '../text-format.ts';

/** structlog's ConsoleRenderer: the level in lower case, padded within its brackets. */
export const structlog = textFormat({
  id: 'structlog',
  writtenBy: 'structlog (`ConsoleRenderer`)',
  patterns: [
    /^(?:(?<time>\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\dS?(?:\.\d+)?Z?) )?\[(?<level>[a-z]+) *\] (?<message>\S.*)$/s,
  ],
  continues: /^[\w.]+(?:Error|Exception|Warning|Interrupt|Exit)(?::|$)/,
  samples: [
    {
      lines: '2026-03-02 10:00:00 [warning  ] late                           attempt=3',
      level: 'warn',
      message: 'late                           attempt=3',
    },
    {
      lines: '2026-03-02T10:00:00.25Z [error    ] no answer',
      level: 'error',
      message: 'no answer',
      time: 1_772_445_600_250,
    },
  ],
});
