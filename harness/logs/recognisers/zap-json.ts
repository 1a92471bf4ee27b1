import { jsonFormat } from '../json-format.ts';

/** zap's production encoder: `ts` in seconds with a fraction, or as ISO 8601. */
export const zapJson = jsonFormat({
  id: 'zap-json',
  writtenBy: 'zap (`NewProduction`), Caddy, etcd',
  test: ({ level, ts, msg }) =>
    typeof level === 'string' &&
    (typeof ts === 'number' || typeof ts === 'string') &&
    typeof msg === 'string',
  level: ['level'],
  message: ['msg'],
  time: ['ts'],
  samples: [
    {
      lines: '{"level":"dpanic","ts":1772445600.25,"caller":"a/main.go:3","msg":"cannot be"}',
      level: 'fatal',
      message: 'cannot be',
      time: 1_772_445_600_250,
      fields: { ts: 1_772_445_600.25, caller: 'a/main.go:3' },
    },
  ],
});
