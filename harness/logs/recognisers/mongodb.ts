import { textFormat } from '../text-format.ts';

/** MongoDB before 4.4; later ones write JSON. */
export const mongodb = textFormat({
  id: 'mongodb',
  writtenBy: 'MongoDB before 4.4',
  patterns: [
    /^(?<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d{4}) (?<level>[FEWID]\d?) +(?<component>[A-Z_-]+) +\[(?<context>[^\]]*)\] (?<message>.*)$/s,
  ],
  levels: { D1: 'debug', D2: 'debug', D3: 'debug', D4: 'debug', D5: 'debug' },
  samples: [
    {
      lines: '2026-03-02T10:00:00.250+0000 W NETWORK  [conn17] late',
      level: 'warn',
      message: 'late',
      time: 1_772_445_600_250,
      fields: { component: 'NETWORK', context: 'conn17' },
    },
  ],
});
