import { textFormat } from '../text-format.ts';

export const ruby = textFormat({
  id: 'ruby',
  writtenBy: 'Ruby Logger, Rails, Sidekiq, Puma',
  patterns: [
    /^[DIWEFA], \[(?<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}) #(?<pid>\d+)\] +(?<level>[A-Z]+) -- (?<program>[^:]*): (?<message>.*)$/s,
  ],
  levels: { ANY: 'info' },
  samples: [
    {
      lines: 'E, [2026-03-02T10:00:00.250000 #745] ERROR -- agent: no answer',
      level: 'error',
      message: 'no answer',
      fields: { pid: '745', program: 'agent' },
    },
  ],
});
