/** The command: what it prints, how it ends, and what never stands in its output. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '../../../harness/free-port.ts';
import { runCommand, startCommand } from '../run/command.ts';
import { authority, serveHttp, serveHttps, serveTcp } from './servers.ts';

let directory: string;
let ca: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'shaketable-diagnose-'));
  ca = join(directory, 'ca.pem');
  await writeFile(ca, (await authority()).certPem);
});

afterAll(() => rm(directory, { recursive: true, force: true }));

const secret = 'abc12345-a-token-nobody-may-see-xyz9';

it('ends with 0 where all works, and takes the token from its file', async () => {
  await using server = await serveHttps();
  const file = join(directory, 'token');
  await writeFile(file, `${secret}\n`);

  const url = `https://localhost:${server.port}`;
  const run = await runCommand(['diagnose', '--url', url, '--ca', ca, '--token-file', file]);

  expect(run.output).toMatch(/✓ TLS is sound +[\d.]+ m?s {2}TLSv1\.3, localhost ← Diagnosed, valid until/);
  expect(run.output).toContain('– database answers');
  expect(run.output).toContain(`Everything that was looked at works: ${url}`);
  expect(run.output).not.toContain(secret);
  expect(run.code).toBe(0);
});

it('ends with 1 at a broken step, and prints what was not tried', async () => {
  const run = await runCommand(['diagnose', '--url', `https://127.0.0.1:${await freePort()}`]);

  expect(run.output).toMatch(/✕ connects +[\d.]+ ms {2}Nothing listens/);
  expect(run.output).toMatch(/– heartbeat is fresh +not tried/);
  expect(run.output).toContain('Broken at “connects”; 7 steps behind it not tried');
  expect(run.code).toBe(1);
});

it('prints JSON and nothing else with --json', async () => {
  await using server = await serveHttp((_request, response) => void response.writeHead(404).end());

  const url = `http://127.0.0.1:${server.port}`;
  const run = await runCommand(['diagnose', '--url', url, '--json', '--health', '/h']);

  expect(JSON.parse(run.output)).toMatchObject({
    version: 1,
    url,
    outcome: 'broken',
    step: 'health',
    steps: expect.arrayContaining([
      { id: 'token', title: 'token is known', outcome: 'not tried' },
      expect.objectContaining({ id: 'health', outcome: 'broken', ms: expect.any(Number), mayPass: false }),
    ]),
  });
  expect(run.code).toBe(1);
});

it('ends with 2 where a step could not be told', async () => {
  await using server = await serveHttp((request, response) => {
    response.writeHead(request.url === '/health' ? 200 : 405).end();
  });

  const run = await runCommand(['diagnose', '--url', `http://127.0.0.1:${server.port}`], {
    SHAKETABLE_TOKEN: secret,
  });

  expect(run.output).toContain('Not to be told at “token is known”');
  expect(run.code).toBe(2);
});

it('waits until it works', async () => {
  const asked = Promise.withResolvers<void>();
  let healthy = false;
  await using server = await serveHttp((_request, response) => {
    response.writeHead(healthy ? 200 : 503).end();
    asked.resolve();
  });
  const command = startCommand(['diagnose', '--url', `http://127.0.0.1:${server.port}`, '--wait']);
  await asked.promise;
  healthy = true;

  const run = await command.ended;

  expect(run.output).toContain('waiting (1): GET /health is answered 503');
  expect(run.output).toContain('✓ server is healthy');
  expect(run.code).toBe(0);
});

it('does not wait for what will not mend by itself, nor send a refused token twice', async () => {
  let sent = 0;
  await using server = await serveHttp((request, response) => {
    if (request.headers.authorization !== undefined) sent += 1;
    response.writeHead(request.headers.authorization === undefined ? 200 : 401).end();
  });

  const args = ['diagnose', '--url', `http://127.0.0.1:${server.port}`, '--wait', '60'];
  const run = await runCommand(args, { SHAKETABLE_TOKEN: secret });

  expect(run.code).toBe(1);
  expect(sent).toBe(1);
});

it('stops at SIGINT, and says what it had found out', async () => {
  const connected = Promise.withResolvers<void>();
  await using silent = await serveTcp(() => connected.resolve());
  const command = startCommand(['diagnose', '--url', `https://127.0.0.1:${silent.port}`, '--timeout', '60']);
  await command.printed('✓ connects');
  await connected.promise;

  command.child.kill('SIGINT');
  const run = await command.ended;

  expect(run.output).toContain('✓ name resolves');
  expect(run.output).toContain('Stopped at “TLS is sound”');
  expect(run.code).toBe(130);
});

it.each([
  ['no URL', [], '--url'],
  ['another kind of URL', ['--url', 'ftp://host'], 'https:// or http://'],
  ['a URL with a password', ['--url', `https://u:${secret}@host`], 'a user or a password'],
  ['a URL with a query', ['--url', `https://host/?token=${secret}`], 'a query'],
  ['a path without a slash', ['--url', 'https://host', '--health', 'healthz'], '--health is no path'],
  ['an agent without a token', ['--url', 'https://host', '--agent', 'a'], '--agent needs a token'],
  [
    'an agent path without its place',
    ['--url', 'https://host', '--token', secret, '--agent', 'a', '--agent-path', '/a'],
    '{agent}',
  ],
  ['an empty token', ['--url', 'https://host', '--token', ''], 'The token is empty'],
  ['a token with a line feed', ['--url', 'https://host', '--token', `${secret}\n`], 'no header may carry'],
  ['a token in quotation marks', ['--url', 'https://host', '--token', `"${secret}"`], 'quotation marks'],
  [
    'a database that is none',
    ['--url', 'https://host', '--db', `postgres://u:${secret}@host/db`],
    'mysql://',
  ],
  [
    'a database without a schema',
    ['--url', 'https://host', '--db', `mysql://u:${secret}@host`],
    'lacks the host or the schema',
  ],
  ['a file that is not there', ['--url', 'https://host', '--ca', '/no/such/file'], '/no/such/file'],
  ['a misspelt option', ['--url', 'https://host', `--tokn=${secret}`], "'--tokn"],
  ['an argument too many', ['--url', 'https://host', secret], 'too many arguments'],
  ['a wait that is no number', ['--url', 'https://host', '--wait', 'long'], 'whole number'],
])('ends with 64 for %s, and shows no secret', async (_what, args, said) => {
  const run = await runCommand(['diagnose', ...args]);

  expect(run.output).toContain(said);
  expect(run.output).not.toContain(secret);
  expect(run.code).toBe(64);
});
