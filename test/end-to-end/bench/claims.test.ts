import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { BenchResult } from '../../../harness/bench/bench-result.ts';
import { startCommand } from '../../local/run/command.ts';

let directory = '';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'shaketable-claims-'));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

it('sets the reported figures beside measured ones, from scenarios that were played', async () => {
  const file = join(directory, 'claims.json');

  const { output } = await startCommand([
    'bench',
    'claims',
    '--quick',
    '--seed',
    '4711',
    '--out',
    directory,
    '--save',
    file,
  ]).ended;

  const { workloads } = JSON.parse(await readFile(file, 'utf8')) as BenchResult;
  const claims = workloads[0]?.claims ?? [];
  expect(claims.map(({ id }) => id)).toEqual([
    'handshakes-per-minute',
    'reports-per-cycle',
    'connection-log-records',
    'silent-send-failures',
    'cloud-connection-success',
  ]);
  expect(claims.filter(({ naive, hardened }) => naive === null || hardened === null)).toEqual([]);
  expect(output).toMatch(/TLS handshakes per minute at a 5 s cycle.*\n +reported 12 → 1 /);
}, 180_000);
