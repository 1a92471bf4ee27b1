import { textFormat } from '../text-format.ts';

export const springBoot = textFormat({
  id: 'spring-boot',
  writtenBy: 'Spring Boot',
  patterns: [
    /^(?<time>\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.,]\d{3}\S*) +(?<level>[A-Z]+) (?<pid>\d*) ?--- (?:\[(?<app>[^\]]*)\] )?\[ *(?<thread>[^\]]*)\] (?<logger>\S+) *: (?<message>.*)$/s,
  ],
  samples: [
    {
      lines:
        '2026-03-02T10:00:00.250+01:00 ERROR 4711 --- [agent] [           main] c.e.Reporter                             : no answer\njava.net.SocketException: Connection reset\n\tat c.e.Reporter.send(Reporter.java:9)\nCaused by: java.io.EOFException\n\t... 3 more',
      level: 'error',
      message:
        'no answer\njava.net.SocketException: Connection reset\n\tat c.e.Reporter.send(Reporter.java:9)\nCaused by: java.io.EOFException\n\t... 3 more',
      time: 1_772_442_000_250,
      fields: { pid: '4711', app: 'agent', thread: 'main', logger: 'c.e.Reporter' },
    },
  ],
});
