import { textFormat } from '../text-format.ts';

export const pinoPretty = textFormat({
  id: 'pino-pretty',
  writtenBy: 'pino-pretty',
  patterns: [/^\[(?<time>[\d:. T+-]+)\] (?<level>[A-Z]+)(?: \((?<process>[^)]*)\))?: (?<message>.*)$/s],
  samples: [
    {
      lines: '[10:00:00.250] ERROR (7): no answer\n    err: {\n      "code": "ECONNRESET"\n    }',
      level: 'error',
      message: 'no answer\n    err: {\n      "code": "ECONNRESET"\n    }',
      fields: { process: '7' },
    },
  ],
});
