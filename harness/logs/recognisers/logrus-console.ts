import { textFormat } from '../text-format.ts';

/** logrus on a terminal: four letters, and the seconds since the program began. */
export const logrusConsole = textFormat({
  id: 'logrus-console',
  writtenBy: 'logrus on a terminal',
  patterns: [
    /^(?<level>TRAC|DEBU|INFO|WARN|ERRO|FATA|PANI)\[(?<elapsed>\d{4,}|\d{4}-\S+)\] ?(?<message>.*)$/s,
  ],
  samples: [
    {
      lines: 'ERRO[0012] no answer            attempt=3',
      level: 'error',
      message: 'no answer            attempt=3',
      fields: { elapsed: '0012' },
    },
  ],
});
