import { pairsFormat } from '../pairs-format.ts';

export const slogText = pairsFormat({
  id: 'slog-text',
  writtenBy: 'Go log/slog (`TextHandler`)',
  begins: /^(?:time=\d{4}-\d\d-\d\dT\S+ )?level=(?:DEBUG|INFO|WARN|ERROR)(?:[+-]\d+)? (?:source=\S+ )?msg=/,
  samples: [
    {
      lines: 'time=2026-03-02T10:00:00.250Z level=ERROR+4 msg="no answer" attempt=3',
      level: 'fatal',
      message: 'no answer',
      time: 1_772_445_600_250,
      fields: { attempt: '3' },
    },
  ],
});
