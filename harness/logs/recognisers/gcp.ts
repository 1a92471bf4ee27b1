import { jsonFormat } from '../json-format.ts';

/** Google Cloud's structured logging: a `severity` in capitals. */
export const gcp = jsonFormat({
  id: 'gcp',
  writtenBy: 'Google Cloud structured logging',
  test: ({ severity, level, message, textPayload, jsonPayload }) =>
    typeof severity === 'string' &&
    level === undefined &&
    (message !== undefined || textPayload !== undefined || jsonPayload !== undefined),
  level: ['severity'],
  message: ['message', 'textPayload', 'jsonPayload.message'],
  time: ['timestamp', 'time', 'timestampSeconds'],
  levels: { DEFAULT: 'info' },
  samples: [
    {
      lines: '{"severity":"NOTICE","message":"started","timestamp":"2026-03-02T10:00:00.25Z"}',
      level: 'info',
      message: 'started',
      time: 1_772_445_600_250,
      fields: { severity: 'NOTICE' },
    },
    { lines: '{"severity":"CRITICAL","message":"no database"}', level: 'fatal', message: 'no database' },
  ],
});
