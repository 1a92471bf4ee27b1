import { levelOfSeverity } from '../levels.ts';
import type { Reading, Wrapper } from '../recogniser.ts';
import { textFormat } from '../text-format.ts';

const rfc5424 = textFormat({
  id: 'syslog-5424',
  writtenBy: 'syslog (RFC 5424)',
  patterns: [
    /^<(?<pri>\d{1,3})>1 (?<time>\S+) (?<host>\S+) (?<app>\S+) (?<pid>\S+) (?<messageId>\S+) (?<data>-|(?:\[(?:[^\]\\]|\\.)*\])+) ?(?<message>.*)$/s,
  ],
  samples: [
    {
      lines: '<27>1 2026-03-02T10:00:00.250+01:00 a agent 7 - [x@1 k="v \\]"] no answer',
      level: 'error',
      message: 'no answer',
      time: 1_772_442_000_250,
      fields: { host: 'a', app: 'agent', pid: '7', messageId: '-', data: '[x@1 k="v \\]"]' },
    },
  ],
});

const month = '[A-Z][a-z]{2} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?';
const iso = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d+)?(?:Z|[+-]\\d\\d:?\\d\\d)';

const rfc3164 = textFormat({
  id: 'syslog',
  writtenBy: 'syslog (RFC 3164), rsyslog files, `journalctl` (short), systemd’s `<3>` prefixes',
  patterns: [
    new RegExp(
      `^<(?<pri>\\d{1,3})>(?<time>${month}|${iso}) (?:(?<host>[^\\s:[\\]]+) )?(?<app>[^\\s[\\]:]+)(?:\\[(?<pid>\\d+)\\])?: ?(?<message>.*)$`,
      's',
    ),
    new RegExp(
      `^(?<time>${month}) (?<host>[^\\s:[\\]]+) (?<app>[^\\s[\\]:]+)(?:\\[(?<pid>\\d+)\\])?: ?(?<message>.*)$`,
      's',
    ),
    new RegExp(
      `^(?<time>${iso}) (?<host>[^\\s:[\\]]+) (?<app>[^\\s[\\]:]+)\\[(?<pid>\\d+)\\]: ?(?<message>.*)$`,
      's',
    ),
    /^<(?<pri>[0-7])>(?<message>.*)$/s,
  ],
  samples: [
    {
      lines: '<27>Mar  2 10:00:00 host-a agent[745]: no answer',
      level: 'error',
      message: 'no answer',
      fields: { host: 'host-a', app: 'agent', pid: '745' },
    },
    {
      lines: 'Mar 02 10:00:00 host-a agent[745]: ERROR (stats.py:338): no answer',
      level: 'error',
      message: '(stats.py:338): no answer',
    },
    { lines: 'Mar 02 10:00:00 host-a supervisord[8]: Shut down', level: 'unknown', message: 'Shut down' },
    { lines: '<4>late', level: 'warn', message: 'late' },
  ],
});

/** The priority has the severity in its lowest three bits; it says more than a word in the text. */
const withSeverity = ({ read, ...facts }: typeof rfc3164): Wrapper => ({
  ...facts,
  read(line) {
    const reading = read(line);
    const { pri, ...fields } = reading?.fields ?? {};
    if (reading === undefined) return undefined;
    const said: Reading = { ...reading, message: reading.message.replace(/^\uFEFF/, ''), fields };
    return pri === undefined
      ? said
      : { ...said, level: levelOfSeverity(Number(pri) & 7), severityText: String(Number(pri) & 7) };
  },
});

export const syslog5424 = withSeverity(rfc5424);
export const syslog = withSeverity(rfc3164);
