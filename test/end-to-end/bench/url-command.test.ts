import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseBench } from '../../../harness/bench/report/parse-bench.ts';
import { startCommand } from '../../local/run/command.ts';
import { startHttps } from './servers.ts';

let directory = '';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'shaketable-url-'));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

const shaketable = (args: readonly string[], env?: Record<string, string>) => startCommand(args, env).ended;

it('contacts nothing but the server of the URL, and looks up no other name', async () => {
  await using elsewhere = await startHttps();
  await using server = await startHttps({
    http2: true,
    answer: (_, response) =>
      response.writeHead(307, { location: `https://elsewhere.invalid:${elsewhere.port}/` }).end(),
  });
  const [ca, contacts, saved] = ['ca.pem', 'contacts', 'saved.json'].map((name) => join(directory, name));
  await writeFile(ca ?? '', server.ca);
  const url = `https://localhost:${server.port}/health?token=secret`;
  const target = ['--url', url, '--ca', ca ?? '', '--max-rate', '100'];

  const { code, output } = await shaketable(
    ['bench', ...target, '--quick', '--seed', '5', '--out', directory, '--save', saved ?? ''],
    {
      CONTACTS: contacts ?? '',
      NODE_OPTIONS: `--import=${resolve(import.meta.dirname, 'contacts.mjs')}`,
    },
  );

  expect(code, output).toBe(0);
  const met = [...new Set((await readFile(contacts ?? '', 'utf8')).trim().split('\n'))];
  const [names, places] = [
    met.filter((line) => line.startsWith('name ')),
    met.filter((line) => !line.startsWith('name ')),
  ];
  // Addresses are looked up as well, by which nobody is asked.
  expect(names.filter((line) => isIP(line.slice('name '.length)) === 0)).toEqual(['name localhost']);
  // The server itself, and our proxy before it.
  expect(places).toContain(`connect 127.0.0.1:${server.port}`);
  expect(places.filter((place) => !place.startsWith('connect 127.0.0.1:'))).toEqual([]);
  expect(elsewhere.connections()).toBe(0);
  expect(new Set(server.requests)).toEqual(new Set([`GET /health?token=secret localhost:${server.port}`]));
  const text = await readFile(saved ?? '', 'utf8');
  const bench = parseBench(text, 'saved.json');
  expect(text + output).not.toContain('secret');
  expect(bench.server).toBe(`https://localhost:${server.port}/health?…`);
  expect(bench.workloads.map(({ name }) => name)).toEqual(['handshake', 'policy', 'claims']);
  expect(output).toContain('At most 100 requests a second for 40 s');
  expect(bench.workloads[0]?.replay).toContain('--max-rate 100 --max-duration 120 --seed 5 --quick');
}, 120_000);

it.each([
  {
    why: 'a URL that is none',
    args: ['--url', 'localhost:8443'],
    told: 'is no URL that begins with https://',
  },
  { why: 'a URL of something else', args: ['--url', 'ftp://localhost/'], told: 'is no URL that begins with' },
  { why: 'a password in the URL', args: ['--url', 'https://me:word@localhost/'], told: 'user or password' },
  {
    why: 'a benchmark that has no part there',
    args: ['websocket', '--url', 'https://localhost/'],
    told: 'of a server of yours',
  },
  {
    why: 'an older version beside a server of yours',
    args: ['--against', 'HEAD', '--url', 'https://localhost/'],
    told: 'not beside an older version',
  },
  { why: 'an authority without a URL', args: ['--ca', 'ca.pem'], told: 'Give its --url as well' },
  {
    why: 'an authority that there is not',
    args: ['--url', 'https://localhost/', '--ca', '/nowhere.pem'],
    told: '/nowhere.pem',
  },
  {
    why: 'a file that is no authority',
    args: ['--url', 'https://localhost/', '--ca', 'package.json'],
    told: 'no certificate in PEM',
  },
  { why: 'a rate of nothing', args: ['--url', 'https://localhost/', '--max-rate', '0'], told: '1 or more' },
])('ends with 64 for $why', async ({ args, told }) => {
  const { code, output } = await shaketable(['bench', ...args, '--out', directory]);

  expect(code, output).toBe(64);
  expect(output).toContain(told);
  expect(output).not.toContain('me:word');
});

it('compares with no file of another server', async () => {
  await using server = await startHttps();
  const file = join(directory, 'other.json');
  const machine = { platform: 'linux x64', processor: 'x', cores: 2, memoryBytes: 1 };
  const other = {
    version: 1,
    id: 'a',
    startedAt: 'b',
    quick: true,
    machine,
    workloads: [],
    server: 'https://other/',
  };
  await writeFile(file, JSON.stringify(other));

  const { code, output } = await shaketable([
    ...[
      'bench',
      'claims',
      '--url',
      `https://localhost:${server.port}/`,
      '--baseline',
      file,
      '--out',
      directory,
    ],
  ]);

  expect(code, output).toBe(64);
  expect(output).toContain('is of https://other/, not of');
  expect(server.connections()).toBe(0);
});
