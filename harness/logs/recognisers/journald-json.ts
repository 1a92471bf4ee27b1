import { jsonFormat } from '../json-format.ts';
import { levelOfSeverity } from '../levels.ts';

/** `journalctl -o json`: the priority is syslog's severity, all values are text. */
export const journaldJson = jsonFormat({
  id: 'journald-json',
  writtenBy: '`journalctl -o json`',
  test: (record) => record.__REALTIME_TIMESTAMP !== undefined && record.MESSAGE !== undefined,
  level: ['PRIORITY'],
  message: ['MESSAGE'],
  time: ['_SOURCE_REALTIME_TIMESTAMP', '__REALTIME_TIMESTAMP'],
  numbers: levelOfSeverity,
  samples: [
    {
      lines:
        '{"__REALTIME_TIMESTAMP":"1772445600250000","PRIORITY":"3","SYSLOG_IDENTIFIER":"agent","_PID":"7","MESSAGE":"no answer"}',
      level: 'error',
      message: 'no answer',
      time: 1_772_445_600_250,
    },
  ],
});
