import { jsonFormat } from '../json-format.ts';

/** JSON of the Java loggers: logstash-logback-encoder, and the Elastic Common Schema of log4j's JsonTemplateLayout. */
export const ecsJson = jsonFormat({
  id: 'ecs-json',
  writtenBy: 'logstash-logback-encoder, log4j2 `JsonTemplateLayout`, Elastic Common Schema loggers',
  test: (record) =>
    record['@timestamp'] !== undefined &&
    typeof record.message === 'string' &&
    (record.level !== undefined || record['log.level'] !== undefined || record.log !== undefined),
  level: ['log.level', 'level'],
  message: ['message'],
  time: ['@timestamp'],
  samples: [
    {
      lines:
        '{"@timestamp":"2026-03-02T10:00:00.25Z","log.level":"ERROR","message":"gave up","ecs.version":"1.2.0"}',
      level: 'error',
      message: 'gave up',
      time: 1_772_445_600_250,
    },
    {
      lines:
        '{"@timestamp":"2026-03-02T10:00:00.25+01:00","@version":"1","message":"late","level":"WARN","level_value":30000}',
      level: 'warn',
      message: 'late',
      time: 1_772_442_000_250,
    },
  ],
});
