import { jsonFormat } from '../json-format.ts';

const levels = [
  'level_name',
  'levelname',
  'level',
  'severity',
  'lvl',
  'loglevel',
  'log_level',
  'logLevel',
  'LogLevel',
  'Level',
  '@level',
  'log.level',
  '@l',
  'severityText',
  'severity_text',
  'SeverityText',
  'levelno',
  'priority',
  's',
];
const messages = [
  'message',
  'msg',
  '@message',
  'short_message',
  'Message',
  'event',
  'text',
  'body',
  'RenderedMessage',
  'MessageTemplate',
  'log',
  '@m',
  '@mt',
];
const times = [
  'time',
  'timestamp',
  'ts',
  '@timestamp',
  'Timestamp',
  'datetime',
  'date',
  'asctime',
  'timeMillis',
  'instant.epochSecond',
  '@t',
  't.$date',
  't',
];

/** JSON lines of any other logger: structlog, python-json-logger, hclog, Monolog, .NET, MongoDB, and what people write themselves. */
export const json = jsonFormat({
  id: 'json',
  writtenBy:
    'any other logger of JSON lines: structlog, python-json-logger, hclog, Monolog, .NET, MongoDB, GELF',
  test: () => true,
  level: levels,
  message: messages,
  time: times,
  levels: {
    I: 'info',
    W: 'warn',
    E: 'error',
    F: 'fatal',
    D1: 'debug',
    D2: 'debug',
    D3: 'debug',
    D4: 'debug',
    D5: 'debug',
  },
  fallback: true,
  samples: [
    {
      lines:
        '{"attempt": 1, "event": "no answer", "level": "critical", "timestamp": "2026-03-02T10:00:00.250000Z"}',
      level: 'fatal',
      message: 'no answer',
      time: 1_772_445_600_250,
      fields: { attempt: 1, event: 'no answer', timestamp: '2026-03-02T10:00:00.250000Z' },
    },
    {
      lines: '{"@level":"warn","@message":"late","@timestamp":"2026-03-02T10:00:00.25Z"}',
      level: 'warn',
      message: 'late',
    },
    {
      lines: '{"message":"late","level":300,"level_name":"WARNING","channel":"app"}',
      level: 'warn',
      message: 'late',
    },
    {
      lines: '{"version":"1.1","host":"a","short_message":"no answer","level":3}',
      level: 'error',
      message: 'no answer',
    },
    {
      lines: '{"asctime": "2026-03-02 10:00:00,250", "levelname": "ERROR", "message": "no answer"}',
      level: 'error',
      message: 'no answer',
    },
    { lines: '{"answer":42}', level: 'unknown', message: '' },
  ],
});
