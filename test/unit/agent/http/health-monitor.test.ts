import { expect, it } from 'vitest';
import { HealthMonitor } from '../../../../services/agent/http/health-monitor.ts';
import { recordingLog } from '../recording-log.ts';

const policy = { degradedAfterFailures: 2, failingAfterFailures: 3, slowMs: 1_000, healthyAfterSuccesses: 3 };

function startMonitor() {
  const log = recordingLog();
  const monitor = new HealthMonitor(log, policy);
  const changes = () => log.records.map(({ level, fields }) => [level, fields.state]);
  const fail = (times: number, operation = 'report') => {
    for (let n = 0; n < times; n += 1) monitor.failed(operation);
  };
  const succeed = (times: number, ms = 10, operation = 'report') => {
    for (let n = 0; n < times; n += 1) monitor.succeeded(operation, ms);
  };
  return { monitor, changes, fail, succeed, log };
}

it('takes no notice of a single failure', () => {
  const { changes, fail, succeed } = startMonitor();

  for (let round = 0; round < 5; round += 1) {
    fail(1);
    succeed(1);
  }

  expect(changes()).toEqual([]);
});

it('warns while one attempt is left, and again when the operation fails', () => {
  const { changes, fail } = startMonitor();

  fail(2);
  expect(changes()).toEqual([['warn', 'degraded']]);
  fail(1);

  expect(changes()).toEqual([
    ['warn', 'degraded'],
    ['warn', 'failing'],
  ]);
});

it('is healthy again after several good answers, not after the first', () => {
  const { monitor, changes, fail, succeed } = startMonitor();
  fail(3);

  succeed(2);
  expect(monitor.state).toBe('failing');
  succeed(1);

  expect(changes().at(-1)).toEqual(['info', 'healthy']);
});

it('warns of slow answers before any fails, and does not flicker at the limit', () => {
  const { monitor, changes, succeed } = startMonitor();
  succeed(3, 100);

  for (let ms = 200; monitor.state === 'healthy'; ms += 200) succeed(1, ms);
  succeed(10, 900);
  expect(changes()).toEqual([['warn', 'degraded']]);
  succeed(10, 100);

  expect(changes().at(-1)).toEqual(['info', 'healthy']);
});

it('judges each operation for itself, and the whole by the worst', () => {
  const { monitor, fail, succeed } = startMonitor();

  for (let round = 0; round < 3; round += 1) {
    fail(1, 'heartbeat');
    succeed(1, 10, 'report');
  }

  expect(monitor.state).toBe('failing');
  expect(monitor.summary()).toMatchObject({
    state: 'failing',
    operations: {
      heartbeat: { state: 'failing', failuresInARow: 3, attempts: 3, failures: 3 },
      report: { state: 'healthy', failureShare: 0, meanMs: 10 },
    },
  });
});

it('logs the figures with each change', () => {
  const { log, fail } = startMonitor();

  fail(2);

  expect(log.records[0]).toMatchObject({
    message: 'Server connection is degraded (was healthy)',
    fields: { event: 'health', previous: 'healthy', metrics: { report: { failureShare: 0.51 } } },
  });
});
