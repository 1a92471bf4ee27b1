/** What net/http of Go makes of the faults of HTTP/2, through a proxy that takes TLS off: what it sees, and what it asks for twice. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bodyBytes, startHttp2InTls } from './http2-rig.ts';
import { orSaySkipped, runProgram } from './programs.ts';

const hasGo = orSaySkipped(spawnSync('go', ['version']).status === 0, 'go is not installed');
const directory = mkdtempSync(join(tmpdir(), 'shaketable-go-'));
const client = join(directory, 'http2-client');
/** A compiler that has nothing in its cache. */
const buildMs = 240_000;

beforeAll(() => {
  if (!hasGo) return;
  const source = join(import.meta.dirname, 'http2-client.go');
  const { status, stderr } = spawnSync('go', ['build', '-o', client, source], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}, buildMs);
afterAll(() => rmSync(directory, { recursive: true }));

const reset = (attributes: object) => ({
  type: 'http2_reset',
  attributes: { nth: 2, after_bytes: 100, ...attributes },
});
const goAway = (attributes: object) => ({ type: 'http2_goaway', attributes: { nth: 2, ...attributes } });
const streamError = (name: string): string => `stream error: stream ID 3; ${name}; received from peer`;

const done = `200 ${bodyBytes} ok, HTTP/2.0`;
const inOrder = ['/first', '/second', '/third'];
const twice = ['/first', '/second', '/second', '/third'];

describe.skipIf(!hasGo)('net/http', () => {
  it.each([
    { toxic: reset({}), second: done, paths: inOrder, connections: 1 },
    {
      toxic: reset({ code: 11 }),
      second: `000 0 ${streamError('ENHANCE_YOUR_CALM')}`,
      paths: ['/first', '/third'],
      connections: 1,
    },
    { toxic: reset({ at: 'answer' }), second: done, paths: twice, connections: 1 },
    { toxic: reset({ at: 'answer' }), flags: ['-post'], second: done, paths: twice, connections: 1 },
    {
      toxic: reset({ at: 'headers' }),
      second: `200 0 ${streamError('REFUSED_STREAM')}`,
      paths: inOrder,
      connections: 1,
    },
    {
      toxic: reset({ at: 'body', code: 2 }),
      second: `200 100 ${streamError('INTERNAL_ERROR')}`,
      paths: inOrder,
      connections: 1,
    },
    { toxic: goAway({}), second: done, paths: inOrder, connections: 2 },
    { toxic: goAway({ last_stream: 'previous' }), second: done, paths: inOrder, connections: 2 },
    { toxic: goAway({ last_stream: 'previous', code: 11 }), second: done, paths: inOrder, connections: 2 },
    {
      toxic: goAway({ code: 11, ending: 'close' }),
      second:
        '000 0 http2: server sent GOAWAY and closed the connection; LastStreamID=3, ErrCode=ENHANCE_YOUR_CALM, debug=""',
      paths: inOrder,
      connections: 2,
    },
    { toxic: { type: 'http2_late_ack' }, second: done, paths: inOrder, connections: 1 },
  ])('meets $toxic.type $toxic.attributes $flags', async ({
    toxic,
    flags = [],
    second,
    paths,
    connections,
  }) => {
    const { rig, url, asked } = await startHttp2InTls(toxic);
    const { stdout } = await runProgram(client, [...flags, url, ...inOrder]);

    expect(stdout.trim().split('\n')).toEqual([done, second, done]);
    expect(asked.map(({ path }) => path)).toEqual(paths);
    expect(rig.eventsOf('open')).toHaveLength(connections);
  });

  it('waits for a window that is not refilled until its own time-out', async () => {
    const { url } = await startHttp2InTls({ type: 'http2_stall', attributes: { window: 500 } });
    const { stdout } = await runProgram(client, ['-timeout', '1s', url, '/stalled']);

    expect(stdout.trim()).toBe('200 500 timeout');
  });
});
