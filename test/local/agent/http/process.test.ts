import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { until } from '../../../support/until.ts';
import { testCertificates } from '../certificates.ts';
import { startTestServer } from '../test-server.ts';
import { clientToken } from './start-agent.ts';

const root = join(import.meta.dirname, '../../../..');

function spawnAgent(kind: 'naive' | 'hardened', env: Record<string, string>, ...args: string[]) {
  const child = spawn(process.execPath, [join(root, `services/agent/http/${kind}/main.ts`), ...args], {
    env,
  });
  const output = { text: '' };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output.text += chunk;
    });
  }
  const ended = once(child, 'close').then(([code]) => code as number);
  return { child, output, ended };
}

const nowhere = {
  SPOT_OPTIMIZER_SERVER_URL: 'https://127.0.0.1:1',
  SPOT_OPTIMIZER_CLIENT_TOKEN: clientToken,
};

it.each(['naive', 'hardened'] as const)('explains the %s agent with --help', async (kind) => {
  const { output, ended } = spawnAgent(kind, {}, '--help');

  expect(await ended).toBe(0);
  expect(output.text).toContain('HEARTBEAT_INTERVAL (30)');
  expect(output.text).toContain('Exit codes:');
});

it('ends with 78 and names each variable that is not valid', async () => {
  const { output, ended } = spawnAgent('hardened', {
    ...nowhere,
    HEARTBEAT_INTERVAL: 'soon',
    LOG_LEVEL: 'LOUD',
  });

  expect(await ended).toBe(78);
  expect(output.text).toContain('HEARTBEAT_INTERVAL is "soon": expected seconds from 0 to 86400');
  expect(output.text).toContain('LOG_LEVEL is "LOUD": expected one of DEBUG');
});

it('ends with 64 at an unknown argument', async () => {
  expect(await spawnAgent('hardened', nowhere, '--fast').ended).toBe(64);
});

it('ends with 69 when the server is not there, where the naive agent goes on until it is stopped', async () => {
  const hardened = spawnAgent('hardened', nowhere);
  const naive = spawnAgent('naive', nowhere);

  expect(await hardened.ended).toBe(69);
  expect(hardened.output.text).toContain('AGENT STARTUP - SERVER CONNECTIVITY CHECK');
  await until(() => naive.output.text.includes('Registration failed'), 'the naive agent giving up once');
  naive.child.kill('SIGTERM');
  expect(await naive.ended).toBe(0);
});

it('works by hand, logs to a file, and stops cleanly at SIGTERM', async () => {
  await using server = await startTestServer();
  const folder = mkdtempSync(join(tmpdir(), 'agent-process-'));
  const caFile = join(folder, 'ca.pem');
  const logFile = join(folder, 'logs/agent.log');
  writeFileSync(caFile, (await testCertificates()).ca);
  const env = {
    ...nowhere,
    SPOT_OPTIMIZER_SERVER_URL: server.url,
    SPOT_OPTIMIZER_CA_FILE: caFile,
    LOG_FILE: logFile,
    FLEET_REPORT_INTERVAL: '0.1',
  };
  const { child, output, ended } = spawnAgent('hardened', env);

  await until(() => server.requestsTo('/api/fleet/report').length >= 3, 'three reports');
  child.kill('SIGTERM');

  expect(await ended).toBe(0);
  expect(output.text).toBe('');
  expect(readFileSync(logFile, 'utf8')).toMatch(/"event":"agent_stopped".*\n$/);
  rmSync(folder, { recursive: true });
});
