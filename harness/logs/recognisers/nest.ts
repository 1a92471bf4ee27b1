import { textFormat } from '../text-format.ts';

export const nest = textFormat({
  id: 'nest',
  writtenBy: 'NestJS (`ConsoleLogger`)',
  patterns: [
    /^\[(?<app>\w+)\] (?<pid>\d+) +- (?<time>\d[\d/.-]+, \d[\d:]+(?: [AP]M)?) +(?<level>LOG|ERROR|WARN|DEBUG|VERBOSE|FATAL) (?:\[(?<context>[^\]]*)\] )?(?<message>.*)$/s,
  ],
  samples: [
    {
      lines: '[Nest] 745  - 03/02/2026, 10:00:00 AM   ERROR [Reporter] no answer',
      level: 'error',
      message: 'no answer',
      fields: { app: 'Nest', pid: '745', context: 'Reporter' },
    },
    {
      lines: '[Nest] 745  - 03/02/2026, 10:00:00 AM     LOG [Reporter] sent',
      level: 'info',
      message: 'sent',
    },
  ],
});
