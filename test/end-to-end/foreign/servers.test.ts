/** What a foreign subject may talk to: a server of the user's own, opened or not, and one that it knows by a built-in name. */
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findProgram } from '../../../harness/databases/programs.ts';
import type { RunResult } from '../../../harness/report/run-result.ts';
import { createAuthority } from '../../../proxy/certificates/index.ts';
import { reportDirectory, runCommand } from '../../local/run/command.ts';

const hasCurl = findProgram('curl', process.env) !== undefined;
const scenarios = ['fleet-resets/one-handshake-per-request', 'unreachable/time-outs-back-off'];

/** The user's own server, which knows nothing of the lab. */
async function ownServer(directory: string) {
  const authority = await createAuthority({ name: 'My company', now: Date.now() });
  const { chainPem, keyPem } = await authority.issue({ hosts: ['localhost', '127.0.0.1'] });
  await writeFile(join(directory, 'company-ca.pem'), authority.certPem);
  let requests = 0;
  const server = createServer({ cert: chainPem, key: keyPem }, (request, response) => {
    requests += request.headers.authorization === 'Bearer company-token' ? 1 : 0;
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    seen: () => requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function judge(directory: string, curl: string, more: Record<string, unknown>, names = scenarios) {
  const file = join(directory, 'mine.json');
  const script = `while :; do ${curl} -sS -m 2 -o /dev/null -H "Authorization: Bearer $TOKEN" -d x "$SERVER_URL/r"; sleep 0.3; done`;
  const subject = {
    name: 'mine',
    command: ['sh', '-c', script],
    env: { SERVER_URL: '{{serverUrl}}', TOKEN: '{{token}}', CA: '{{caFile}}', VIA: '{{proxyUrl}}' },
    cycleMs: 300,
    checks: { tells: false, duplicates: false },
    ...more,
  };
  await writeFile(file, JSON.stringify(subject));
  const args = ['run', '--subject', file, ...names, '--seed', '1', '--out', directory];
  const { output, code } = await runCommand(args);
  const run = JSON.parse(await readFile(join(directory, 'latest/run.json'), 'utf8')) as RunResult;
  const failed = (id: string) =>
    run.scenarios
      .find((scenario) => scenario.id === id)
      ?.subjects[0]?.checks.filter(({ outcome }) => outcome === 'fail')
      .map((check) => check.id);
  return { output, code, run, failed };
}

it.skipIf(!hasCurl)('opens the user’s own server where that is asked for', { timeout: 200_000 }, async () => {
  await using out = await reportDirectory();
  await using server = await ownServer(out.path);
  const own = { url: server.url, token: 'company-token', caFile: 'company-ca.pem', open: true };
  const { run, failed } = await judge(
    out.path,
    'curl --cacert "$CA"',
    { server: own },
    scenarios.slice(0, 1),
  );

  expect(run.subject?.server).toBe(server.url);
  expect(run.scenarios[0]?.subjects[0]).not.toHaveProperty('talkedPast');
  expect(failed(scenarios[0] ?? '')).toEqual(['connections', 'handshakes']);
  expect(server.seen()).toBeGreaterThan(5);
});

it.skipIf(!hasCurl)(
  'leaves its TLS as it is otherwise, and says what cannot be judged then',
  { timeout: 300_000 },
  async () => {
    await using out = await reportDirectory();
    await using server = await ownServer(out.path);
    const own = { url: server.url, token: 'company-token', caFile: 'company-ca.pem' };
    const ca = join(out.path, 'company-ca.pem');
    const { run, failed } = await judge(out.path, `curl --cacert ${ca}`, { server: own });

    expect(run.notApplicable).toMatchObject([
      { id: scenarios[0], why: [expect.stringContaining('requests are not seen')] },
    ]);
    expect(failed(scenarios[1] ?? '')).toEqual([]);
    expect(server.seen()).toBeGreaterThan(3);
  },
);

it.skipIf(!hasCurl)('leads a built-in name over the link by CONNECT', { timeout: 200_000 }, async () => {
  await using out = await reportDirectory();
  const routes = { 'POST /r': {} };
  const curl = 'curl --proxy "$VIA" --cacert "$CA"';
  const env = {
    SERVER_URL: 'https://localhost:9',
    TOKEN: '{{token}}',
    CA: '{{caFile}}',
    VIA: '{{proxyUrl}}',
  };
  const { failed } = await judge(out.path, curl, { server: { routes }, env }, scenarios.slice(0, 1));

  expect(failed(scenarios[0] ?? '')).toEqual(['connections', 'handshakes']);
});

it('warns of a program that talks past the lab', { timeout: 200_000 }, async () => {
  await using out = await reportDirectory();
  const elsewhere = createTcpServer().listen(0, '127.0.0.1');
  await once(elsewhere, 'listening');
  const { port } = elsewhere.address() as AddressInfo;
  const script = `
    const past = require('node:net').connect(${port}, '127.0.0.1').on('error', () => {});
    const headers = { authorization: 'Bearer ' + process.env.TOKEN };
    setInterval(() => fetch(process.env.SERVER_URL + '/r', { method: 'POST', headers }).catch(() => {}), 300);`;
  const subject = { command: [process.execPath, '-e', script], server: { routes: { 'POST /r': {} } } };
  const { run, output } = await judge(out.path, '', subject, scenarios.slice(0, 1));
  elsewhere.close();

  expect(run.scenarios[0]?.subjects[0]?.talkedPast).toEqual([`127.0.0.1:${port}`]);
  expect(output).toContain(`It talked past the lab, to 127.0.0.1:${port}`);
});
