import { textFormat } from '../text-format.ts';

export const envLogger = textFormat({
  id: 'env-logger',
  writtenBy: 'Rust env_logger',
  patterns: [
    /^\[(?:(?<time>\d{4}-\d\d-\d\dT\S+) )?(?<level>TRACE|DEBUG|INFO|WARN|ERROR) +(?<target>[\w:]+)\] (?<message>.*)$/s,
  ],
  samples: [
    {
      lines: '[2026-03-02T10:00:00Z WARN  agent::link] late',
      level: 'warn',
      message: 'late',
      time: 1_772_445_600_000,
      fields: { target: 'agent::link' },
    },
  ],
});
