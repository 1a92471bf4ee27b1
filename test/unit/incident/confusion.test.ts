/**
 * The confusion table: which cause was played, and which is found. Logs are of agents in five languages, captures of real packets, HAR files
 * as browsers write them; unrelated files have no pattern.
 */
import { glob, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { diagnose } from '../../../harness/incident/diagnosis.ts';
import { readIncidents } from '../../../harness/incident/reading/read-incident.ts';
import type { Parameter } from '../../../harness/incident/signatures/signature.ts';
import { Names } from '../../../harness/names/names.ts';
import { harOf } from './har-files.ts';

const fixtures = join(import.meta.dirname, 'fixtures');
const root = join(import.meta.dirname, '../../..');

/** What was played: the signature, and the figures that its data tell. */
type Played = readonly [files: string, signature: string, figures?: Readonly<Record<string, number>>];

const played: readonly Played[] = [
  ['logs/port-closed.*.log', 'port-closed', { everyMs: 800 }],
  ['logs/name-unresolved.*.log', 'name-unresolved', { everyMs: 900 }],
  ['logs/handshakes-cut.*.log', 'handshake-cut', { everyMs: 800 }],
  ['logs/answers-late.{python,go,java,node}.log', 'answers-late', { everyMs: 1_200, timeoutMs: 700 }],
  // It waits between its requests, not from one to the next.
  ['logs/answers-late.curl.log', 'answers-late', { everyMs: 1_900, timeoutMs: 700 }],
  ['logs/server-errors.*.log', 'server-errors', { status: 503, share: 0.5 }],
  ['logs/token-refused.*.log', 'token-refused', { everyMs: 700, status: 401 }],
  ['logs/idle-reset.*.log', 'idle-forgotten', { after: 900 }],
  ['logs/certificate-*.log', 'certificate-refused', { everyMs: 800 }],
  ['captures/port-closed.pcapng', 'port-closed', { everyMs: 700 }],
  ['captures/port-closed-ipv6.pcapng', 'port-closed', { everyMs: 500 }],
  ['captures/port-closed-cooked-v1.pcapng', 'port-closed', { everyMs: 600 }],
  ['captures/connect-unanswered.pcapng', 'connect-unanswered'],
  ['captures/handshakes-cut.pcapng', 'handshake-cut', { share: 0.5 }],
  ['captures/handshakes-cut-cooked-v2.pcapng', 'handshake-cut', { share: 1, everyMs: 300 }],
  ['captures/idle-reset.pcapng', 'idle-forgotten', { after: 800 }],
  ['captures/idle-forgotten.pcapng', 'idle-forgotten', { after: 900 }],
  ['captures/answers-lost.pcapng', 'answer-lost', { copies: 2, everyMs: 900 }],
  ['captures/answers-late.pcapng', 'answers-late', { timeoutMs: 1_200, everyMs: 1_500 }],
  ['captures/server-errors.pcapng', 'server-errors', { status: 503, share: 0.5 }],
  ['captures/rate-limited.pcapng', 'rate-limited', { status: 429, everyMs: 300 }],
  ['captures/token-refused-pcap.pcap', 'token-refused', { status: 401, everyMs: 500 }],
  ['captures/account-disabled.pcapng', 'account-disabled', { status: 403, everyMs: 500 }],
  ['captures/database-deadlock.pcapng', 'database-deadlock', { everyMs: 400 }],
  ['captures/database-full.pcapng', 'database-full', { everyMs: 400 }],
  ['har/refused.har', 'port-closed', { everyMs: 5_000 }],
  ['har/errors.har', 'server-errors', { status: 502, share: 0.25 }],
  ['har/late.har', 'answers-late', { timeoutMs: 8_000 }],
  ['har/refused-token.har', 'token-refused', { status: 401, everyMs: 5_000 }],
];

/** What is known to come back as something else, with the reason. */
const confused: Readonly<Record<string, string>> = {
  // net/http says EOF for an end within the handshake as for any other.
  'handshakes-cut.go.log': 'connection-cut',
};

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'shaketable-test-'));
  for (const [name, text] of Object.entries(harOf)) await writeFile(join(directory, name), text);
});
afterAll(() => rm(directory, { recursive: true }));

interface Found {
  readonly signature: string;
  readonly parameters: readonly Parameter[];
}

async function find(path: string): Promise<Found> {
  const [incident] = await readIncidents([path], new Names());
  const [best] = incident === undefined ? [] : diagnose(incident).ranked;
  return { signature: best?.signature.id ?? 'no pattern', parameters: best?.match.parameters ?? [] };
}

it('brings back the cause that was played, with figures within a fifth', { timeout: 60_000 }, async () => {
  const rows: string[] = [];
  let right = 0;
  let captures = 0;
  for (const [files, signature, figures = {}] of played) {
    const folder = files.startsWith('har/') ? directory : fixtures;
    const pattern = files.startsWith('har/') ? basename(files) : files;
    const paths = (await Array.fromAsync(glob(pattern, { cwd: folder }))).toSorted();
    expect(paths.length, files).toBeGreaterThan(0);
    for (const path of paths) {
      const name = basename(path);
      const found = await find(join(folder, path));
      const off = found.signature === signature ? wrongFigures(found.parameters, figures) : [];
      rows.push(`${name}: ${signature} → ${found.signature} ${off.join(', ')}`);
      if (name.includes('.pcap')) captures += 1;
      if (found.signature === signature && off.length === 0) right += 1;
      else expect(confused[name], rows.at(-1)).toBe(found.signature);
    }
  }
  expect(rows.length).toBeGreaterThanOrEqual(50);
  expect(captures).toBeGreaterThanOrEqual(16);
  expect(right, rows.join('\n')).toBe(rows.length - Object.keys(confused).length);
});

/** Figures that the data do not tell are defaults, and say so. */
function wrongFigures(parameters: readonly Parameter[], figures: Readonly<Record<string, number>>): string[] {
  return Object.entries(figures).flatMap(([name, value]) => {
    const parameter = parameters.find((candidate) => candidate.name === name);
    if (parameter === undefined) return [`no ${name}`];
    const isDefault = parameter.from.startsWith('a default');
    return isDefault || Math.abs(Number(parameter.value) - value) <= value / 5
      ? []
      : [`${name} ${parameter.value}, not ${value}`];
  });
}

it('finds no pattern where none is', { timeout: 60_000 }, async () => {
  const unrelated = [
    ...(await Array.fromAsync(glob('unrelated/*', { cwd: fixtures }))).map((name) => join(fixtures, name)),
    join(fixtures, 'captures/healthy.pcapng'),
    join(fixtures, 'captures/healthy-plain.pcapng'),
    join(directory, 'healthy.har'),
    ...['package.json', 'LICENSE', 'harness/cli/main.ts', 'test/contract/logs/samples/access-log.log'].map(
      (name) => join(root, name),
    ),
    import.meta.filename,
  ];
  expect(unrelated.length).toBeGreaterThanOrEqual(19);
  for (const path of unrelated) expect((await find(path)).signature, path).toBe('no pattern');
});
