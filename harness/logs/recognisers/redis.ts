import { textFormat } from '../text-format.ts';

export const redis = textFormat({
  id: 'redis',
  writtenBy: 'Redis, Valkey',
  patterns: [
    /^(?<pid>\d+):(?<role>[XCSM]) (?<time>\d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d\.\d{3}) (?<level>[.*#-]) (?<message>.*)$/s,
  ],
  levels: { '.': 'debug', '-': 'debug', '*': 'info', '#': 'warn' },
  samples: [
    {
      lines: '7:M 02 Mar 2026 10:00:00.250 # Connection lost',
      level: 'warn',
      message: 'Connection lost',
      fields: { pid: '7', role: 'M' },
    },
  ],
});
