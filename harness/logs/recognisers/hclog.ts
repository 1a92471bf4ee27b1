import { textFormat } from '../text-format.ts';

export const hclog = textFormat({
  id: 'hclog',
  writtenBy: 'hclog: Consul, Nomad, Terraform, Vault',
  patterns: [
    /^(?<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(?:Z|[+-]\d{4})) \[(?<level>TRACE|DEBUG|INFO|WARN|ERROR)\] {1,2}(?:(?<logger>[\w.-]+): )?(?<message>.*)$/s,
  ],
  samples: [
    {
      lines: '2026-03-02T10:00:00.250+0100 [WARN]  agent: late: attempt=3',
      level: 'warn',
      message: 'late: attempt=3',
      time: 1_772_442_000_250,
      fields: { logger: 'agent' },
    },
  ],
});
