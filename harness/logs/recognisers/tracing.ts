import { textFormat } from '../text-format.ts';

/** Rust's tracing: full, compact and pretty, the last of which begins its records with two spaces. */
export const tracing = textFormat({
  id: 'tracing',
  writtenBy: 'Rust tracing-subscriber (`fmt`)',
  patterns: [
    /^ {0,2}(?<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,9}(?:Z|[+-]\d\d:\d\d)) {1,2}(?<level>TRACE|DEBUG|INFO|WARN|ERROR) (?:(?<target>\w+(?:::\w+)*)(?:: | - ))?(?<message>.*)$/s,
  ],
  indented: true,
  samples: [
    {
      lines: '2026-03-02T10:00:00.250470Z  WARN agent::link: late attempt=3',
      level: 'warn',
      message: 'late attempt=3',
      time: 1_772_445_600_250.47,
      fields: { target: 'agent::link' },
    },
    {
      lines: '  2026-03-02T10:00:00.250470Z ERROR agent: no answer\n    at src/main.rs:9',
      level: 'error',
      message: 'no answer\n    at src/main.rs:9',
    },
  ],
});
