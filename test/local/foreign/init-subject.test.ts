/** The questions of `shaketable init --subject`, answered through a pipe. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { parseSubject } from '../../../harness/foreign/schema.ts';

const entry = resolve(import.meta.dirname, '../../../harness/bin/shaketable.cjs');

it('writes a file that `run --subject` takes, asks again for what will not do, and never writes over one', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'shaketable-test-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const init = (answers: string) =>
    spawnSync(process.execPath, [entry, 'init', '--subject'], {
      cwd: directory,
      input: answers,
      encoding: 'utf8',
    });

  const first = init('node "my agent.js" --fast\nAPI_URL\nnone\nroutes\n0\n0.5\nPOST /v1/x\n');
  const written = JSON.parse(await readFile(join(directory, 'my-agent.subject.json'), 'utf8'));

  expect(first.status).toBe(0);
  expect(first.stdout).toContain('Write a number of seconds');
  expect(first.stdout).toContain('shaketable run --subject my-agent.subject.json');
  expect(parseSubject(written, 'my-agent.subject.json')).toMatchObject({
    name: 'my-agent',
    command: ['node', 'my agent.js', '--fast'],
    env: { API_URL: '{{serverUrl}}' },
    server: { routes: { 'POST /v1/x': {} } },
    cycleMs: 500,
  });

  const second = init('node "my agent.js"\n');
  expect(second.status).toBe(64);
  expect(second.stderr).toContain('my-agent.subject.json is there already');
});
