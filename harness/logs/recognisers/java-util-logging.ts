import { textFormat } from '../text-format.ts';

/** java.util.logging's SimpleFormatter: who and when on one line, level and text on the next. */
export const javaUtilLogging = textFormat({
  id: 'java-util-logging',
  writtenBy: 'java.util.logging (`SimpleFormatter`)',
  patterns: [
    /^(?<time>[A-Z][a-z]{2} \d{1,2}, \d{4},? \d{1,2}:\d\d:\d\d [AP]M) (?<logger>[\w.$]+)(?: (?<method>[\w.$<>]+))?(?:\n(?<level>[A-Z]+): (?<message>.*))?$/s,
  ],
  more: 'two',
  samples: [
    {
      lines:
        'Mar 02, 2026 10:00:00 AM com.example.Agent send\nSEVERE: no answer\njava.io.EOFException\n\tat com.example.Agent.send(Agent.java:9)',
      level: 'error',
      message: 'no answer\njava.io.EOFException\n\tat com.example.Agent.send(Agent.java:9)',
      fields: { logger: 'com.example.Agent', method: 'send' },
    },
    {
      lines: 'Mar 02, 2026 10:00:00 AM com.example.Agent send\nFINEST: tick',
      level: 'trace',
      message: 'tick',
    },
  ],
});
