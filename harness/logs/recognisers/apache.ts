import { textFormat } from '../text-format.ts';

const traces = Object.fromEntries(Array.from({ length: 8 }, (_, n) => [`trace${n + 1}`, 'trace' as const]));

export const apache = textFormat({
  id: 'apache',
  writtenBy: 'Apache httpd error log',
  patterns: [
    /^\[(?<time>[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d(?:\.\d+)? \d{4})\] \[(?:(?<module>\w*):)?(?<level>[a-z]+\d?)\](?: \[pid (?<pid>\d+)[^\]]*\])?(?: \[client (?<client>[^\]]+)\])? (?<message>.*)$/s,
  ],
  levels: traces,
  samples: [
    {
      lines:
        '[Mon Mar 02 10:00:00.250000 2026] [ssl:error] [pid 7:tid 9] [client 192.0.2.1:5] AH02032: no name',
      level: 'error',
      message: 'AH02032: no name',
      fields: { module: 'ssl', pid: '7', client: '192.0.2.1:5' },
    },
  ],
});
