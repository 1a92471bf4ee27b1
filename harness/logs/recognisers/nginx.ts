import { textFormat } from '../text-format.ts';

export const nginx = textFormat({
  id: 'nginx',
  writtenBy: 'nginx error log',
  patterns: [
    /^(?<time>\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d) \[(?<level>[a-z]+)\] (?<pid>\d+)#(?<tid>\d+): (?:\*(?<request>\d+) )?(?<message>.*)$/s,
  ],
  samples: [
    {
      lines: '2026/03/02 10:00:00 [crit] 7#9: *1 connect() to [::1]:8443 failed (13: Permission denied)',
      level: 'fatal',
      message: 'connect() to [::1]:8443 failed (13: Permission denied)',
      fields: { pid: '7', tid: '9', request: '1' },
    },
  ],
});
