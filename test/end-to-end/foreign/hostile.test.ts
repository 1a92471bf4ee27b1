/** A subject that does everything wrong at once: a clear outcome, and nothing of it is left. Each by itself is in the project `stress`. */
import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findProgram } from '../../../harness/databases/programs.ts';
import type { RunResult } from '../../../harness/report/run-result.ts';
import { reportDirectory, runCommand } from '../../local/run/command.ts';

const hasTools = process.platform === 'linux' && findProgram('curl', process.env) !== undefined;
const token = 'company-token-0123456789';

const script = (mark: string): string => `
: ${mark}
trap '' TERM
echo "token is $TOKEN"
head -c 100000 /dev/urandom
setsid sh -c ': ${mark}; sleep 1000' &
(: ${mark}; sleep 1000) &
while :; do curl -sS -m 2 -o /dev/null --cacert "$CA_FILE" -d x "$SERVER_URL/r"; sleep 0.3; done`;

it.skipIf(!hasTools)(
  'names what one does wrong that ignores SIGTERM, forks, detaches, prints binary and its token',
  { timeout: 200_000 },
  async () => {
    await using out = await reportDirectory();
    const mark = `shaketable-test-${process.pid}-hostile`;
    const file = join(out.path, 'hostile.json');
    const subject = {
      name: 'hostile',
      command: ['sh', '-c', script(mark)],
      env: { SERVER_URL: '{{serverUrl}}', CA_FILE: '{{caFile}}', TOKEN: token },
      server: { routes: { 'POST /r': {} } },
      secrets: { 'company token': token },
      cycleMs: 300,
      stop: { withinMs: 1_500 },
      pace: 'real',
    };
    await writeFile(file, JSON.stringify(subject));
    const id = 'fleet-resets/one-handshake-per-request';
    const { code, output } = await runCommand([
      'run',
      '--subject',
      file,
      id,
      '--seed',
      '1',
      '--out',
      out.path,
    ]);
    const text = await readFile(join(out.path, 'latest/run.json'), 'utf8');
    const [scenario] = (JSON.parse(text) as RunResult).scenarios;
    const checks = scenario?.subjects[0]?.checks ?? [];
    const failed = checks.filter(({ outcome }) => outcome === 'fail').map((check) => check.id);

    expect(failed).toEqual(
      expect.arrayContaining(['standing-no-secret', 'exit', 'leaves-nothing', 'handshakes']),
    );
    expect(code).toBe(1);
    expect(living(mark)).toEqual([]);
    for (const written of [output, text, await readFile(join(out.path, 'latest/index.html'), 'utf8')])
      expect(written).not.toContain(token);
  },
);

/** Processes that have the mark in their command. */
function living(mark: string): readonly string[] {
  const all = execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' }).split('\n');
  return all.filter((line) => line.includes(mark) && !line.includes('ps -eo'));
}
