import { at, jsonFormat } from '../json-format.ts';

/** loguru with `serialize=True`. */
export const loguruJson = jsonFormat({
  id: 'loguru-json',
  writtenBy: 'loguru (`serialize=True`)',
  test: (record) => typeof record.text === 'string' && typeof at(record, 'record.level.name') === 'string',
  level: ['record.level.name'],
  message: ['record.message', 'text'],
  time: ['record.time.timestamp'],
  samples: [
    {
      lines:
        '{"text":"late\\n","record":{"level":{"icon":"!","name":"WARNING","no":30},"message":"late","time":{"repr":"","timestamp":1772445600.25}}}',
      level: 'warn',
      message: 'late',
      time: 1_772_445_600_250,
    },
  ],
});
