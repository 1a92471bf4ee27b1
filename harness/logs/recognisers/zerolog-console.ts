import { textFormat } from '../text-format.ts';

export const zerologConsole = textFormat({
  id: 'zerolog-console',
  writtenBy: 'zerolog (`ConsoleWriter`)',
  patterns: [
    /^(?<time>\d{1,2}:\d\d[AP]M|\d{4}-\d\d-\d\dT\S+|<nil>) (?<level>TRC|DBG|INF|WRN|ERR|FTL|PNC) (?:(?<caller>\S+:\d+) > )?(?<message>.*)$/s,
  ],
  samples: [
    { lines: '5:47AM WRN late attempt=3', level: 'warn', message: 'late attempt=3' },
    {
      lines: '2026-03-02T10:00:00Z FTL agent/main.go:3 > no answer',
      level: 'fatal',
      message: 'no answer',
      time: 1_772_445_600_000,
    },
  ],
});
