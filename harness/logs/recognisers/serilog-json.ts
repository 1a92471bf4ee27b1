import { jsonFormat } from '../json-format.ts';

/** Serilog's compact format (CLEF), which leaves the level out when it is Information. */
export const serilogJson = jsonFormat({
  id: 'serilog-json',
  writtenBy: 'Serilog (CLEF, `CompactJsonFormatter`)',
  test: (record) => record['@t'] !== undefined && (record['@m'] !== undefined || record['@mt'] !== undefined),
  level: ['@l'],
  message: ['@m', '@mt'],
  time: ['@t'],
  usual: 'info',
  samples: [
    {
      lines: '{"@t":"2026-03-02T10:00:00.2500000Z","@mt":"Sent {Id}","Id":7}',
      level: 'info',
      message: 'Sent {Id}',
      time: 1_772_445_600_250,
    },
    {
      lines: '{"@t":"2026-03-02T10:00:00.25Z","@mt":"No answer","@l":"Warning"}',
      level: 'warn',
      message: 'No answer',
    },
  ],
});
