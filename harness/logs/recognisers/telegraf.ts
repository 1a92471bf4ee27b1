import { textFormat } from '../text-format.ts';

export const telegraf = textFormat({
  id: 'telegraf',
  writtenBy: 'Telegraf',
  patterns: [
    /^(?<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) (?<level>[DIWE])! (?:\[(?<plugin>[^\]]*)\] )?(?<message>.*)$/s,
  ],
  samples: [
    {
      lines: '2026-03-02T10:00:00Z E! [outputs.http] no answer',
      level: 'error',
      message: 'no answer',
      time: 1_772_445_600_000,
      fields: { plugin: 'outputs.http' },
    },
  ],
});
