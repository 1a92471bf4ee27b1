import { textFormat } from '../text-format.ts';

const time = String.raw`(?<time>(?:\d{4}-\d\d-\d\d[T ])?\d\d:\d\d:\d\d[.,]\d{3,9}(?:Z|[+-]\d\d:?\d\d)?)`;
const level = '(?<level>[A-Z]{4,8})';
const thread = String.raw`\[(?<thread>[^\]]+)\]`;
const logger = String.raw`(?<logger>[\w.$/-]+)`;

/** log4j and logback by the patterns of their manuals, of Hadoop, Kafka, ZooKeeper and Tomcat. */
export const log4j = textFormat({
  id: 'log4j',
  writtenBy: 'log4j, logback, Kafka, ZooKeeper, Hadoop, Tomcat',
  patterns: [
    new RegExp(`^${time} ${thread} ${level} +${logger} -{1,2}(?:\\s*-)? (?<message>.*)$`, 's'),
    new RegExp(`^${time} ${level} +${thread} ${logger}(?::| -{1,2}) (?<message>.*)$`, 's'),
    new RegExp(`^${time} \\[(?:myid:[^\\]]*)\\] - ${level} +${thread} - (?<message>.*)$`, 's'),
    new RegExp(`^\\[${time}\\] ${level} (?<message>.*?)(?: \\((?<logger>[\\w.$]+)\\))?$`, 's'),
    new RegExp(`^(?<elapsed>\\d+) ${thread} ${level} +${logger} .*?- (?<message>.*)$`, 's'),
    new RegExp(
      `^(?<time>\\d\\d-[A-Z][a-z]{2}-\\d{4} \\d\\d:\\d\\d:\\d\\d\\.\\d{3}) ${level} ${thread} ${logger} (?<message>.*)$`,
      's',
    ),
  ],
  samples: [
    {
      lines: '10:00:00.250 [main] WARN  c.e.Reporter - late',
      level: 'warn',
      message: 'late',
      fields: { thread: 'main', logger: 'c.e.Reporter' },
    },
    {
      lines:
        '2026-03-02 10:00:00,250 FATAL [main] c.e.Reporter: no answer\njava.io.EOFException\n\tat c.e.A.b(A.java:1)',
      level: 'fatal',
      message: 'no answer\njava.io.EOFException\n\tat c.e.A.b(A.java:1)',
    },
    {
      lines: '2026-03-02 10:00:00,250 [myid:1] - INFO  [main:QuorumPeer@1] - started',
      level: 'info',
      message: 'started',
    },
    {
      lines: '[2026-03-02 10:00:00,250] ERROR no broker (kafka.server.KafkaServer)',
      level: 'error',
      message: 'no broker',
    },
    {
      lines: '02-Mar-2026 10:00:00.250 SEVERE [main] org.apache.catalina.A.b no port',
      level: 'error',
      message: 'no port',
    },
  ],
});
