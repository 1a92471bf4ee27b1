import { at, jsonFormat } from '../json-format.ts';

/** Rust's tracing with `.json()`: the text is among the `fields`. */
export const tracingJson = jsonFormat({
  id: 'tracing-json',
  writtenBy: 'Rust tracing-subscriber (`json()`)',
  test: (record) => typeof record.level === 'string' && typeof at(record, 'fields.message') === 'string',
  level: ['level'],
  message: ['fields.message'],
  time: ['timestamp'],
  samples: [
    {
      lines:
        '{"timestamp":"2026-03-02T10:00:00.250470727Z","level":"ERROR","fields":{"message":"no answer","peer":"a"},"target":"agent"}',
      level: 'error',
      message: 'no answer',
      time: 1_772_445_600_250.471,
      fields: { fields: { message: 'no answer', peer: 'a' }, target: 'agent' },
    },
  ],
});
