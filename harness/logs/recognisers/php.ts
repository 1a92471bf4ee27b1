import { textFormat } from '../text-format.ts';

/** PHP's own error log, and Monolog's LineFormatter, which Laravel and Symfony use. */
export const php = textFormat({
  id: 'php',
  writtenBy: 'PHP error log, Monolog, Laravel, Symfony',
  patterns: [
    /^\[(?<time>\d\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d:\d\d [\w/+-]+)\] PHP (?<level>Fatal error|Parse error|Warning|Notice|Deprecated|Recoverable fatal error): {1,2}(?<message>.*)$/s,
    /^\[(?<time>\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S*)\] (?<channel>[\w-]+)\.(?<level>[A-Z]+): (?<message>.*)$/s,
  ],
  levels: {
    'Fatal error': 'fatal',
    'Parse error': 'fatal',
    'Recoverable fatal error': 'error',
    Deprecated: 'warn',
  },
  samples: [
    {
      lines:
        '[02-Mar-2026 10:00:00 UTC] PHP Fatal error:  Uncaught Exception: gone in /a.php:3\nStack trace:\n#0 {main}\n  thrown in /a.php on line 3',
      level: 'fatal',
      message: 'Uncaught Exception: gone in /a.php:3\nStack trace:\n#0 {main}\n  thrown in /a.php on line 3',
      time: 1_772_445_600_000,
    },
    {
      lines: '[2026-03-02T10:00:00.250000+00:00] app.WARNING: late {"attempt":3} []',
      level: 'warn',
      message: 'late {"attempt":3} []',
      time: 1_772_445_600_250,
      fields: { channel: 'app' },
    },
  ],
});
