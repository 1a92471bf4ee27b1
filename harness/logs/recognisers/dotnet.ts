import { textFormat } from '../text-format.ts';

/** Microsoft.Extensions.Logging on the console: the level and the category, the text below or after it. */
export const dotnet = textFormat({
  id: 'dotnet',
  writtenBy: '.NET console logger (`Microsoft.Extensions.Logging`)',
  patterns: [
    /^(?:(?<time>\d\S{0,40}(?: \S{1,40})?) )?(?<level>trce|dbug|info|warn|fail|crit): (?<category>[\w.+<>`-]+)\[(?<eventId>-?\d+)\](?: (?<message>.*))?$/s,
  ],
  samples: [
    {
      lines:
        'fail: Fleet.Heartbeat[3]\n      No answer\n      System.IO.IOException: reset\n         at Fleet.Heartbeat.Send()',
      level: 'error',
      message: '      No answer\n      System.IO.IOException: reset\n         at Fleet.Heartbeat.Send()',
      fields: { category: 'Fleet.Heartbeat', eventId: '3' },
    },
    { lines: '10:00:00 warn: Fleet.Heartbeat[3] late', level: 'warn', message: 'late' },
  ],
});
