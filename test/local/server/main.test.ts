import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAuthority } from '../../../proxy/certificates/index.ts';
import { useDatabase } from './rig.ts';

const database = useDatabase();
const main = join(import.meta.dirname, '../../../services/server/main.ts');
let directory: string;
let env: Record<string, string>;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'server-main-'));
  const { chainPem, keyPem } = await (await createAuthority({ name: 'Main', now: Date.now() })).issue({
    hosts: ['127.0.0.1'],
  });
  const [certFile, keyFile] = [join(directory, 'cert.pem'), join(directory, 'key.pem')];
  await writeFile(certFile, chainPem);
  await writeFile(keyFile, keyPem);
  const schema = await database().createSchema();
  env = {
    DB_HOST: database().host,
    DB_PORT: String(database().port),
    DB_USER: schema.user,
    DB_PASSWORD: schema.password,
    DB_NAME: schema.database,
    DB_CA_FILE: database().caFile,
    TLS_CERT_FILE: certFile,
    TLS_KEY_FILE: keyFile,
    PORT: '0',
  };
});

afterAll(() => rm(directory, { recursive: true, force: true }));

interface Run {
  child: ChildProcessWithoutNullStreams;
  /** Resolves once the text has been printed. */
  printed(text: string): Promise<string>;
  ended: Promise<{ code: number | null; output: string }>;
}

function run(args: string[], overrides: Record<string, string> = {}): Run {
  const child = spawn(process.execPath, [main, ...args], { env: { ...env, ...overrides } });
  let output = '';
  const collect = (chunk: Buffer): void => {
    output += chunk;
    child.emit('printed');
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  return {
    child,
    async printed(text) {
      while (!output.includes(text)) {
        if (child.exitCode !== null) throw new Error(`ended without "${text}":\n${output}`);
        await Promise.race([once(child, 'printed'), once(child, 'close')]);
      }
      return output;
    },
    ended: once(child, 'close').then(([code]) => ({ code, output })),
  };
}

it('explains itself', async () => {
  const { code, output } = await run(['--help']).ended;

  expect(code).toBe(0);
  expect(output).toContain('AGENT_HEARTBEAT_TIMEOUT (120)');
});

it.each(['SIGTERM', 'SIGINT'] as const)('serves until %s and then stops cleanly', async (signal) => {
  const { child, printed, ended } = run([]);
  const output = await printed('"event":"listening"');
  const port = Number(/https:\/\/127.0.0.1:(\d+)/.exec(output)?.[1]);
  const idle = connect(port, '127.0.0.1');
  await once(idle, 'connect');

  child.kill(signal);
  const { code, output: all } = await ended;

  expect(code).toBe(0);
  expect(all).toContain('"event":"stopped"');
  expect(all).not.toContain(env.DB_PASSWORD);
});

it('writes its log to a file when it is told to', async () => {
  const file = join(directory, 'logs', 'server.log');
  const { child, ended } = run([], { LOG_FILE: file });
  await expect.poll(() => readFile(file, 'utf8').catch(() => ''), { timeout: 10_000 }).toContain('listening');
  child.kill();

  expect((await ended).output).toBe('');
  expect(await readFile(file, 'utf8')).toContain('"event":"stopped"');
});

it.each([
  [['--nope'], {}, "Unknown option '--nope'"],
  [[], { PORT: 'x', AUTH_CACHE_TTL: 'y' }, 'AUTH_CACHE_TTL is "y": expected a number of seconds'],
  [[], { TLS_CERT_FILE: '/nowhere' }, 'TLS_CERT_FILE is "/nowhere": expected a readable file'],
])('ends with 64 on wrong usage %j %j', async (args, overrides, message) => {
  const { code, output } = await run(args, overrides as Record<string, string>).ended;

  expect(code).toBe(64);
  expect(output).toContain(message);
  expect(output).toContain('See --help.');
});

it.each([
  ['a wrong password', { DB_PASSWORD: 'planted-secret' }, 'Verify DB_USER and DB_PASSWORD.'],
  ['a missing database', { DB_NAME: 'missing' }, 'Verify that DB_USER has rights on DB_NAME.'],
  ['an authority that did not sign', { DB_CA_FILE: 'cert.pem' }, 'Verify DB_CA_FILE'],
])('ends at once with %s, and says what to verify', async (_what, overrides, message) => {
  const file = 'DB_CA_FILE' in overrides ? { DB_CA_FILE: join(directory, 'cert.pem') } : overrides;
  const { code, output } = await run([], file as Record<string, string>).ended;

  expect(code).toBe(1);
  expect(output).toContain(
    `"${(overrides as { DB_NAME?: string }).DB_NAME ?? env.DB_NAME}" at ${env.DB_HOST}:${env.DB_PORT}`,
  );
  expect(output).toContain(message);
  expect(output).not.toMatch(/planted-secret|^\s+at /m);
});

it('waits for a database that is not there yet, says so, and can be stopped meanwhile', async () => {
  const { child, printed, ended } = run([], { DB_PORT: '1' });

  const output = await printed('waiting for');
  expect(output).toContain(`waiting for database "${env.DB_NAME}" at 127.0.0.1:1 as "${env.DB_USER}": `);
  child.kill();

  expect((await ended).code).toBe(0);
});

it('ends with 1 when its port is taken, and says what to verify', async () => {
  const first = run([]);
  const port = /https:\/\/127.0.0.1:(\d+)/.exec(await first.printed('"event":"listening"'))?.[1] ?? '';

  const { code, output } = await run([], { PORT: port }).ended;
  first.child.kill();
  await first.ended;

  expect(code).toBe(1);
  expect(output).toContain('EADDRINUSE');
  expect(output).toContain('Verify that no other program uses HOST and PORT.');
});
