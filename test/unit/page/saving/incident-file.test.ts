import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../../harness/journal/entry.ts';
import { incidentText } from '../../../../harness/page/saving/incident-file.ts';
import { toxicOf } from './rig.ts';

const startedAt = Date.UTC(2026, 0, 1);
const record = (kind: 'agent.log' | 'server.log', t: number, message: string): Entry =>
  ({
    n: 1,
    t,
    source: kind === 'agent.log' ? 'agent' : 'server',
    kind,
    log: 'x',
    level: 'warn',
    message,
    stamp: '0',
    code: 'ECONNRESET',
  }) as unknown as Entry;

describe('a ticket of what was played by hand', () => {
  it('has what was done and each log by whose it is', () => {
    const text = incidentText({
      title: 'Idle',
      deeds: [{ at: startedAt + 500, did: 'add', link: 'api', toxic: toxicOf('slow') }],
      entries: [record('agent.log', 1_000, 'lost'), record('server.log', 2_000, 'gone')],
      startedAt,
    });

    expect(text).toBe(`# Idle

Played by hand:

- 2026-01-01T00:00:00.500Z slow (latency) on api

## Logs

\`\`\`
Agent log:
{"time":"2026-01-01T00:00:01.000Z","level":"warn","msg":"lost","code":"ECONNRESET"}
Server log:
{"time":"2026-01-01T00:00:02.000Z","level":"warn","msg":"gone","code":"ECONNRESET"}
\`\`\`
`);
  });

  it('cannot be broken open by a name or a record', () => {
    const text = incidentText({
      title: 'a\n```\n# b',
      deeds: [{ at: startedAt, did: 'add', link: 'x\n```\n# y', toxic: toxicOf('slow') }],
      entries: [record('agent.log', 0, 'a\n```\nb')],
      startedAt,
    });

    expect(text?.match(/^```/gm)).toHaveLength(2);
    expect(text?.match(/^# /gm)).toHaveLength(1);
  });

  it('is none without a log', () => {
    expect(incidentText({ title: 'x', deeds: [], entries: [], startedAt })).toBeUndefined();
  });
});
