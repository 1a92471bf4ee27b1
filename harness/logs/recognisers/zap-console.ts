import { textFormat } from '../text-format.ts';

/** zap's console encoder: columns between tabs, the fields as JSON in the last. */
export const zapConsole = textFormat({
  id: 'zap-console',
  writtenBy: 'zap (`NewDevelopment`)',
  patterns: [
    /^(?<time>\S+)\t(?<level>[A-Za-z]+)\t(?:(?<logger>[\w.-]+)\t)?(?:(?<caller>\S+:\d+)\t)?(?<message>[^\t]*)(?:\t(?<context>\{.*\}))?$/s,
  ],
  // A function of Go, with the file below it.
  continues: /^[\w./~-]+\.[\w.()*·[\]]+(?:\(.*\))?$/,
  samples: [
    {
      lines:
        '2026-03-02T10:00:00.250Z\tERROR\tagent/main.go:33\tno answer\t{"attempt": 3}\nmain.main\n\t/agent/main.go:33',
      level: 'error',
      message: 'no answer\nmain.main\n\t/agent/main.go:33',
      time: 1_772_445_600_250,
      fields: { caller: 'agent/main.go:33', context: '{"attempt": 3}' },
    },
  ],
});
