import { pairsFormat } from '../pairs-format.ts';

/** logrus in a file: logfmt that begins with the time in quotes. */
export const logrus = pairsFormat({
  id: 'logrus',
  writtenBy: 'logrus (`TextFormatter`), Docker, containerd',
  begins: /^time="[^"]+" level=[a-z]+ msg=/,
  samples: [
    {
      lines: 'time="2026-03-02T10:00:00Z" level=warning msg=late attempt=3',
      level: 'warn',
      message: 'late',
      time: 1_772_445_600_000,
      fields: { attempt: '3' },
    },
  ],
});
