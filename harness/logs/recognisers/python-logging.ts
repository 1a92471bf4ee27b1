import { textFormat } from '../text-format.ts';

const asctime = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:,\d{3})?`;
const level = '(?<level>[A-Z]{3,10})';
const logger = String.raw`(?<logger>[\w.$-]+)`;

/** Python's logging: `BASIC_FORMAT`, and the formats that its documentation, Flask, Celery and most projects use. */
export const pythonLogging = textFormat({
  id: 'python-logging',
  writtenBy: 'Python logging with its default format or the usual ones, Flask, Celery, Home Assistant',
  patterns: [
    new RegExp(`^${level}:${logger}:(?<message>.*)$`, 's'),
    new RegExp(`^(?<time>${asctime}) - ${logger} - ${level} - (?<message>.*)$`, 's'),
    new RegExp(`^(?<time>${asctime})(?: -)? ${level} - (?<message>.*)$`, 's'),
    new RegExp(`^(?<time>${asctime}) \\[${level} *\\] (?:${logger}: )?(?<message>.*)$`, 's'),
    new RegExp(`^(?<time>${asctime}) ${level} +\\((?<thread>[^)]*)\\) \\[${logger}\\] (?<message>.*)$`, 's'),
    new RegExp(
      `^(?<time>${asctime}) ${level} +(?:${logger}(?::(?<line>\\d+)|:)(?= ) )?(?<message>[^[|].*)$`,
      's',
    ),
    new RegExp(
      `^(?<time>${asctime}) ${logger} +(?<level>DEBUG|INFO|WARNING|ERROR|CRITICAL) +(?<message>.*)$`,
      's',
    ),
    new RegExp(`^\\[(?<time>${asctime})\\] ${level} in (?<module>\\w+): (?<message>.*)$`, 's'),
    new RegExp(`^\\[(?<time>${asctime}): ${level}/(?<process>[\\w-]+)\\] (?<message>.*)$`, 's'),
  ],
  samples: [
    {
      lines:
        'ERROR:root:report failed\nTraceback (most recent call last):\n  File "a.py", line 3, in f\nKeyError: 1',
      level: 'error',
      message: 'report failed\nTraceback (most recent call last):\n  File "a.py", line 3, in f\nKeyError: 1',
      fields: { logger: 'root' },
    },
    {
      lines: '2026-03-02 10:00:00,250 - fleet.agent - WARNING - late - again',
      level: 'warn',
      message: 'late - again',
      fields: { logger: 'fleet.agent' },
    },
    {
      lines: '2025-11-19 20:00:25 - ERROR - Connection broken',
      level: 'error',
      message: 'Connection broken',
    },
    { lines: '2025-11-25 05:26:47 ERROR - no server', level: 'error', message: 'no server' },
    {
      lines: '2026-03-02 13:03:29 WARNING (MainThread) [aiohttp.websocket] closing.',
      level: 'warn',
      message: 'closing.',
    },
    {
      lines: '[2026-03-02 10:00:00,250] ERROR in app: no answer',
      level: 'error',
      message: 'no answer',
      fields: { module: 'app' },
    },
    {
      lines: '[2026-03-02 10:00:00,250: CRITICAL/MainProcess] no broker',
      level: 'fatal',
      message: 'no broker',
    },
  ],
});
