import { expect, it } from 'vitest';
import { judgeCause } from '../../../../services/agent/http/probe.ts';
import { classify, DeadlineError } from '../../../../services/agent/shared/errors.ts';

const quick = { connectMs: 1, tlsMs: 5, healthMs: 10 };
const timeout = (phase: 'connect' | 'tls' | 'wait') => classify(new DeadlineError(phase, 10_000));

it.each([
  ['slow_database', { ...quick, health: { status: 'ok', database: { latencyMs: 4_000 } } }],
  ['slow_database', { ...quick, health: { status: 'degraded', database: { ok: false } } }],
  [
    'slow_database',
    { ...quick, health: { status: 'ok', database: { ok: true, latencyMs: 1, oldestMs: 30_000 } } },
  ],
  ['server_overloaded', { ...quick, health: { status: 'ok', load: { active: 100, limit: 100 } } }],
  ['server_overloaded', { ...quick, health: { status: 'ok', load: { active: 9, waiting: 1, limit: 100 } } }],
  ['server_overloaded', { ...quick, health: { status: 'ok', eventLoopLagMs: 5_000 } }],
  ['server_overloaded', { connectMs: 1, tlsMs: 5, failure: timeout('wait') }],
  ['slow_network', { connectMs: 1, tlsMs: 6_000, healthMs: 3_000, health: { status: 'ok' } }],
  ['slow_network', { connectMs: 1, failure: timeout('tls') }],
  ['slow_network', { failure: timeout('connect') }],
  ['unknown', { ...quick, health: { status: 'ok', database: { ok: true, latencyMs: 2 } } }],
  ['unknown', { failure: classify(Object.assign(new Error('x'), { code: 'ECONNRESET' })) }],
] as const)('judges %s from %j', (cause, findings) => {
  expect(judgeCause(findings)).toBe(cause);
});

it('does not blame the database for the lateness of the event loop', () => {
  const health = { status: 'ok', database: { ok: true, latencyMs: 5_200 }, eventLoopLagMs: 5_000 };

  expect(judgeCause({ ...quick, health })).toBe('server_overloaded');
});

it('blames what takes longest when network and server are both slow', () => {
  const database = { status: 'ok', database: { ok: true, latencyMs: 1_500 } };
  const loop = { status: 'ok', eventLoopLagMs: 1_500 };

  expect(judgeCause({ tlsMs: 4_000, healthMs: 5_500, health: database })).toBe('slow_network');
  expect(judgeCause({ tlsMs: 1_200, healthMs: 2_700, health: database })).toBe('slow_database');
  expect(judgeCause({ tlsMs: 4_000, healthMs: 5_500, health: loop })).toBe('slow_network');
  expect(judgeCause({ tlsMs: 1_600, healthMs: 3_100, health: loop })).toBe('server_overloaded');
});
