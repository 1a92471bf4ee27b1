import { textFormat } from '../text-format.ts';

/** Go's slog before a handler is set: a line of the log package, with the level before the text. */
export const slogDefault = textFormat({
  id: 'slog-default',
  writtenBy: 'Go log/slog without a handler',
  patterns: [
    /^(?<time>\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d(?:\.\d{6})?) (?:(?<file>[\w./-]+\.go:\d+): )?(?<level>(?:DEBUG|INFO|WARN|ERROR)(?:[+-]\d+)?) (?<message>.*)$/s,
  ],
  samples: [{ lines: '2026/03/02 10:00:00 WARN late attempt=3', level: 'warn', message: 'late attempt=3' }],
});
