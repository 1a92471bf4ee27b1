import { isLevelName } from '../levels.ts';
import type { Wrapper } from '../recogniser.ts';
import { textFormat } from '../text-format.ts';
import { readStamp } from '../times.ts';

const compose = textFormat({
  id: 'docker-compose',
  writtenBy: '`docker compose logs`, pm2, foreman: the name of the service before each line',
  patterns: [
    /^(?<service>(?:\d+\|)?[A-Za-z][\w.-]*) +\| (?<message>.*)$/s,
    /^(?<time>\d\d:\d\d:\d\d) (?<service>[A-Za-z][\w.-]*) +\| (?<message>.*)$/s,
  ],
  samples: [
    {
      lines: 'agent_1      | 2026-03-02 13:03:29 ERROR (MainThread) [agent.core] no answer',
      level: 'error',
      message: 'no answer',
      fields: { service: 'agent_1', thread: 'MainThread', logger: 'agent.core' },
    },
    {
      lines: '0|agent  | {"level":40,"time":1772445600250,"msg":"late"}',
      level: 'warn',
      message: 'late',
      fields: { service: '0|agent' },
    },
    {
      lines: '10:00:00 web.1     | ERROR:root:gone',
      level: 'error',
      message: 'gone',
      fields: { service: 'web.1' },
    },
    { lines: 'db-1  | ready', level: 'unknown', message: 'ready', fields: { service: 'db-1' } },
  ],
});

/** A column with a level in it is no service. */
export const dockerCompose: Wrapper = {
  ...compose,
  read(line) {
    const reading = compose.read(line);
    return isLevelName(String(reading?.fields?.service ?? '')) ? undefined : reading;
  },
};

export const cri: Wrapper = textFormat({
  id: 'cri',
  writtenBy: 'Kubernetes and containerd (CRI log files)',
  patterns: [/^(?<time>\d{4}-\d\d-\d\dT\S+) (?<stream>stdout|stderr) [FP](?: (?<message>.*))?$/s],
  samples: [
    {
      lines: '2026-03-02T10:00:00.250123456Z stderr F WARNING:root:late',
      level: 'warn',
      message: 'late',
      time: 1_772_445_600_250.123,
      fields: { stream: 'stderr', logger: 'root' },
    },
  ],
});

export const timestamps: Wrapper = textFormat({
  id: 'timestamps',
  writtenBy: '`docker logs --timestamps`, `kubectl logs --timestamps`',
  patterns: [/^(?<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z) (?<message>.*)$/s],
  samples: [
    {
      lines: '2026-03-02T10:00:00.250123456Z {"level":"error","msg":"gone"}',
      level: 'error',
      message: 'gone',
      time: 1_772_445_600_250.123,
    },
  ],
});

export const dockerJson: Wrapper = {
  id: 'docker-json',
  writtenBy: 'Docker’s json-file log driver',
  more: 'trace',
  read({ text, json }) {
    if (!text.startsWith('{"log":') || typeof json?.log !== 'string' || typeof json.time !== 'string')
      return undefined;
    const { stream = '' } = json;
    return {
      level: 'unknown',
      message: json.log.replace(/\r?\n$/, ''),
      ...readStamp(json.time),
      fields: { stream },
    };
  },
  samples: [
    {
      lines: '{"log":"level=warn msg=late\\n","stream":"stderr","time":"2026-03-02T10:00:00.25Z"}',
      level: 'warn',
      message: 'late',
      time: 1_772_445_600_250,
      fields: { stream: 'stderr' },
    },
  ],
};

export const svlogd: Wrapper = textFormat({
  id: 'svlogd',
  writtenBy: 'svlogd, multilog, s6-log: a time before each line',
  patterns: [
    /^(?<time>\d{4}-\d\d-\d\d_\d\d:\d\d:\d\d\.\d{5}):? (?<message>.*)$/s,
    /^@[0-9a-f]{24} (?<message>.*)$/s,
  ],
  samples: [
    {
      lines:
        '2026-03-02_22:34:46.74146 {"timestamp":"2026-03-02T22:34:46.740Z","level":"ERROR","message":"no answer"}',
      level: 'error',
      message: 'no answer',
      time: 1_772_490_886_740,
    },
  ],
});
