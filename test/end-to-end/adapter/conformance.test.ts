/** The conformance of adapters: the examples conform, and each planted mistake is named by the check that is for it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { conformanceOf, example, failuresOf, mutantOf } from './adapters.ts';

describe('examples', () => {
  it('conforms: Node', async () => {
    const conformance = await conformanceOf([process.execPath, example('node/adapter.mjs')]);

    expect(conformance.checks.filter(({ outcome }) => outcome !== 'pass')).toEqual([]);
    expect(conformance).toMatchObject({ outcome: 'conforms', kinds: ['http', 'websocket', 'database'] });
  });

  const { error, stderr } = spawnSync('python3', ['-c', 'import httpx, websockets, pymysql'], {
    encoding: 'utf8',
  });
  const withoutPython = error?.message ?? stderr.trim().split('\n').at(-1);
  if (withoutPython) console.log(`skipped: the adapter in Python: ${withoutPython} (.ci/tools python)`);

  it.skipIf(withoutPython)('conforms: Python', async () => {
    const conformance = await conformanceOf(['python3', example('python/adapter.py')]);

    expect(conformance.checks.filter(({ outcome }) => outcome !== 'pass')).toEqual([]);
  });

  const withoutGo = spawnSync('go', ['version']).error?.message;
  if (withoutGo) console.log(`skipped: the adapter in Go: ${withoutGo} (.ci/tools go)`);

  it.skipIf(withoutGo)('conforms: Go, in what it connects to', { timeout: 240_000 }, async () => {
    const directory = mkdtempSync(join(tmpdir(), 'shaketable-go-'));
    try {
      const program = join(directory, 'adapter');
      const built = spawnSync('go', ['build', '-o', program, '.'], { cwd: example('go'), encoding: 'utf8' });
      expect(built.stderr).toBe('');

      const conformance = await conformanceOf([program]);

      expect(failuresOf(conformance)).toEqual([]);
      expect(conformance).toMatchObject({ outcome: 'conforms', kinds: ['http'] });
      expect(conformance.checks.find(({ id }) => id === 'message-arrives')).toMatchObject({
        outcome: 'not tried',
        why: 'it connects to http',
      });
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});

describe.concurrent('names an adapter that', () => {
  it.each([
    [
      'ends at a command that it does not know',
      "typeof connection?.[what] !== 'function'",
      "typeof connection[what] !== 'function' && process.exit(1)",
      'survives-nonsense',
    ],
    [
      'says ok of a connection that is not there',
      'throw new Failed(`nothing called',
      'return {}; throw new Failed(`nothing called',
      'knows-its-connections',
    ],
    [
      'sends a request twice',
      'const answer = await client.request({',
      'await client.request({ method, path, body }).then(({ body }) => body.dump()); const answer = await client.request({',
      'http/request-arrives',
    ],
    ['keeps the token to itself', '...(token &&', '...(false &&', 'http/request-arrives'],
    [
      'makes a failure of a status',
      'return { status: answer.statusCode,',
      'if (answer.statusCode > 399) throw new Failed("status"); return { status: answer.statusCode,',
      'http/status-is-an-answer',
    ],
    [
      'does not know whether a refused request had an effect',
      "error.code === 'ECONNREFUSED' ||",
      '',
      'http/refused-is-failed',
    ],
    [
      'trusts everybody',
      'connect: { ca: caFile',
      'connect: { rejectUnauthorized: false, ca: caFile',
      'http/untrusted-is-failed',
    ],
    [
      'denies what may have happened',
      "error instanceof Failed ? 'failed' : 'unknown'",
      "'failed'",
      'http/cut-is-unknown',
    ],
    [
      'claims what may not have happened',
      "error instanceof Failed ? 'failed' : 'unknown'",
      "'ok'",
      'http/cut-is-unknown',
    ],
    [
      'does not keep its bound',
      'signal: withinMs === undefined ? undefined : AbortSignal.timeout(withinMs),',
      '',
      'http/bound-is-kept',
    ],
    [
      'does one thing after the other',
      'void answer(command);',
      'await answer(command);',
      'http/at-the-same-time',
    ],
    ['prints a line without an end', '.slice(0, 10_000)', '', 'http/long-body-is-cut'],
    ['keeps what is released', 'release: () => client.destroy()', 'release: () => {}', 'http/release-closes'],
    [
      'sends something else',
      'socket.send(text,',
      'socket.send(text.trim() + "!",',
      'websocket/message-arrives',
    ],
    [
      'tells of no message',
      "say({ event: 'message', on, text: String(data) })",
      '{}',
      'websocket/message-arrives',
    ],
    ['tells of no end', "say({ event: 'closed', on, code })", '{}', 'websocket/close-is-told'],
    [
      'says ok of a send that went nowhere',
      '(error ? reject(new Failed(error.message)) : resolve({}))',
      'resolve({})',
      'websocket/drop-is-told',
    ],
    ['waits for an upgrade for ever', 'handshakeTimeout: withinMs,', '', 'websocket/bound-is-kept'],
    [
      'keeps a WebSocket that is released',
      'release: () => socket.close()',
      'release: () => {}',
      'websocket/release-closes',
    ],
    [
      'denies what a database may have done',
      '(error.sqlState && !error.fatal)',
      'true',
      'database/killed-is-unknown',
    ],
    [
      'does not know what a database refused',
      '(error.sqlState && !error.fatal) ||',
      '',
      'database/wrong-is-failed',
    ],
    ['goes on when its input ends', 'process.exit(0)', 'setInterval(() => {}, 1_000)', 'ends-with-its-input'],
    [
      'prints what is no answer',
      'async function answer(command) {',
      'async function answer(command) { console.log("carrying out", command.do);',
      'prints-nothing-else',
    ],
    [
      'logs the token',
      'function http({ url, token, caFile }) {',
      'function http({ url, token, caFile }) { console.error("token", token);',
      'keeps-secrets',
    ],
  ])('%s', async (_what, from, to, check) => {
    using mutant = mutantOf(from, to);
    // What the two at the end judge, the others bring about.
    const before = check.includes('/') ? [] : ['greets-again', 'http/request-arrives'];

    const conformance = await conformanceOf(mutant.command, [...before, check]);

    expect(failuresOf(conformance)).toContain(check);
    expect(conformance.outcome).toBe('does not conform');
  });
});

it.each([
  ['is not there', ['no-such-adapter'], 'Could not start no-such-adapter'],
  ['ends at once', ['true'], 'it ends'],
  ['says back what it hears', ['cat'], 'a line is no answer'],
  [
    'speaks another version',
    ['echo', '{"id":1,"answer":"ok","version":2,"name":"new","kinds":["http"]}'],
    'it speaks version 2, not 1',
  ],
  [
    'connects to nothing',
    ['echo', '{"id":1,"answer":"ok","version":1,"name":"idle","kinds":[]}'],
    'it connects to nothing',
  ],
  [
    'prints bytes that are no text',
    ['head', '-c', '300000', '/dev/urandom'],
    'does not answer as an adapter does',
  ],
])('does not try an adapter that %s', async (_what, command, said) => {
  await expect(conformanceOf(command as [string, ...string[]], [], 3_000)).rejects.toMatchObject({
    code: 'LAB_SUBJECT_START',
    message: expect.stringContaining(said),
  });
});
