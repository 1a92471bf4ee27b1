/** docs/your-own-agent.md, followed literally: its agent, its subject file and its command in a directory of their own. */
import { spawnSync } from 'node:child_process';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import type { RunResult } from '../../../harness/report/run-result.ts';
import { reportDirectory, runCommand } from '../../local/run/command.ts';

const docs = resolve(import.meta.dirname, '../../../docs');
const page = await readFile(join(docs, 'your-own-agent.md'), 'utf8');
const hasRequests = spawnSync('python3', ['-c', 'import requests']).status === 0;

async function runOf(directory: string): Promise<RunResult> {
  return JSON.parse(await readFile(join(directory, 'latest/run.json'), 'utf8')) as RunResult;
}

if (!hasRequests) console.log('skipped: the guide’s agent: Python has no requests (.ci/tools python)');

it.skipIf(!hasRequests)(
  'gets the verdict that the guide tells, from its files and by its command',
  { timeout: 240_000 },
  async () => {
    await using out = await reportDirectory();
    await cp(join(docs, 'examples/your-own-agent'), out.path, { recursive: true });
    const [, ...words] = /^npx shaketable (run --subject agent\.json .+)$/m.exec(page)?.[1]?.split(' ') ?? [];
    const args = words.map((word) => (word === 'agent.json' ? join(out.path, word) : word));

    const { code } = await runCommand(['run', ...args, '--seed', '1', '--out', out.path]);
    const run = await runOf(out.path);
    const failing = run.scenarios.flatMap(({ subjects }) =>
      subjects.flatMap(({ checks }) => checks.filter(({ outcome }) => outcome === 'fail')),
    );

    expect(page).toContain('`my-agent` fails `connections` and `handshakes`');
    expect(failing.map(({ id }) => id)).toEqual(['connections', 'handshakes']);
    expect(code).toBe(1);
  },
);

it('serves the routes that the guide has, WebSocket too', { timeout: 240_000 }, async () => {
  await using out = await reportDirectory();
  const [, routes = ''] = /```json\n(\{ "server": \{ "routes": .+?)```/s.exec(page) ?? [];
  const script = `
    const say = (text) => console.log(new Date().toISOString() + ' INFO ' + text);
    const socket = new WebSocket(process.env.WS_URL + '/stream');
    socket.onmessage = ({ data }) => say('heard ' + data);
    socket.onopen = () => socket.send('and you?');
    const report = async () => {
      const body = JSON.stringify({ id: Date.now() });
      const answer = await fetch(process.env.SERVER_URL + '/v1/reports', { method: 'POST', body });
      say(answer.status + ' ' + (await answer.text()));
      say('interval ' + (await (await fetch(process.env.SERVER_URL + '/v1/config')).json()).interval);
      say('nothing there: ' + (await fetch(process.env.SERVER_URL + '/elsewhere')).status);
    };
    setInterval(report, 1000);`;
  const subject = {
    name: 'routed',
    command: [process.execPath, '-e', script],
    env: { SERVER_URL: '{{serverUrl}}', WS_URL: '{{wsUrl}}' },
    ...JSON.parse(routes),
  };
  const file = join(out.path, 'routed.json');
  await writeFile(file, JSON.stringify(subject));

  await runCommand([
    'run',
    '--subject',
    file,
    'fleet-resets/one-handshake-per-request',
    '--seed',
    '1',
    '--out',
    out.path,
  ]);
  const [played] = (await runOf(out.path)).scenarios[0]?.subjects ?? [];
  const journal = await readFile(join(out.path, 'latest', played?.journal ?? ''), 'utf8');

  for (const said of ['heard hello', 'heard and you?', '202 {', 'interval 5', 'nothing there: 404'])
    expect(journal, said).toContain(said.replaceAll('"', '\\"'));
  expect(journal).toContain('"effect":"applied"');
});
