import { textFormat } from '../text-format.ts';

const debugs = Object.fromEntries(Array.from({ length: 5 }, (_, n) => [`DEBUG${n + 1}`, 'debug' as const]));

/** PostgreSQL; what explains an error comes on lines of its own, which are no errors themselves. */
export const postgres = textFormat({
  id: 'postgres',
  writtenBy: 'PostgreSQL',
  patterns: [
    /^(?<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} [A-Z]{3,4}) \[(?<pid>\d+)\] (?:(?<session>\S+) )?(?<level>[A-Z]+\d?): {1,2}(?<message>.*)$/s,
  ],
  levels: {
    ...debugs,
    DETAIL: 'info',
    HINT: 'info',
    STATEMENT: 'info',
    CONTEXT: 'info',
    QUERY: 'info',
    LOCATION: 'info',
  },
  samples: [
    {
      lines: '2026-03-02 10:00:00.250 UTC [7] app@fleet ERROR:  duplicate key\n\tof two lines',
      level: 'error',
      message: 'duplicate key\n\tof two lines',
      time: 1_772_445_600_250,
      fields: { pid: '7', session: 'app@fleet' },
    },
    {
      lines: '2026-03-02 10:00:00.250 UTC [7] DETAIL:  Key (id)=(1)',
      level: 'info',
      message: 'Key (id)=(1)',
    },
  ],
});
