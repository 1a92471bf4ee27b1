import { textFormat } from '../text-format.ts';

/** The common log format of web servers. It has no levels; a status is not one. */
export const accessLog = textFormat({
  id: 'access-log',
  writtenBy: 'access logs of nginx, Apache httpd, Python http.server (common log format)',
  patterns: [
    /^(?<client>\S+) \S+ (?<user>\S+) \[(?<time>\d\d?\/[A-Z][a-z]{2}\/\d{4}[: ]\d\d:\d\d:\d\d(?: [+-]\d{4})?)\] (?<message>"(?<method>[A-Z]+) (?<path>\S+)[^"]*" (?<status>\d{3}) (?<bytes>\d+|-).*)$/s,
    /^(?<client>\S+) \S+ (?<user>\S+) \[(?<time>\d\d?\/[A-Z][a-z]{2}\/\d{4} \d\d:\d\d:\d\d)\] (?<message>code \d{3}, message .*)$/s,
  ],
  samples: [
    {
      lines: '192.0.2.1 - - [02/Mar/2026:10:00:00 +0000] "POST /api/report HTTP/1.1" 200 17',
      level: 'unknown',
      message: '"POST /api/report HTTP/1.1" 200 17',
      time: 1_772_445_600_000,
      fields: {
        client: '192.0.2.1',
        user: '-',
        method: 'POST',
        path: '/api/report',
        status: '200',
        bytes: '17',
      },
    },
  ],
});
