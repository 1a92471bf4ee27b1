/** Files that nobody meant to be read: cut, damaged, of another kind, huge. Each gets a clear word, and nothing is made up. */

import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { diagnose } from '../../../harness/incident/diagnosis.ts';
import { incidentJson } from '../../../harness/incident/incident-json.ts';
import { type Incident, readIncidents } from '../../../harness/incident/reading/read-incident.ts';
import { scenarioFile } from '../../../harness/incident/scenario/scenario-file.ts';
import { diagnosisLines } from '../../../harness/incident/text.ts';
import { Names } from '../../../harness/names/names.ts';
import { seededRandom } from '../../../proxy/core/random.ts';

const captures = join(import.meta.dirname, 'fixtures/captures');

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'shaketable-test-'));
});
afterAll(() => rm(directory, { recursive: true }));

async function readBytes(bytes: string | Uint8Array, name = 'file'): Promise<Incident[]> {
  const path = join(directory, name);
  await writeFile(path, bytes);
  return readIncidents([path], new Names());
}

const families = ([incident]: readonly Incident[]): string[] =>
  incident === undefined ? [] : diagnose(incident).observed.failures.map(({ family }) => family);

const refusedLog = Array.from(
  { length: 5 },
  (_, n) => `2026-11-30 10:00:0${n} ERROR agent: connection refused für Gerät ${n}`,
).join('\n');

it('reads UTF-16 of either order, latin1, and a line that is cut in its midst', async () => {
  const utf16 = Buffer.from(`\uFEFF${refusedLog}`, 'utf16le');
  expect(families(await readBytes(utf16))).toEqual(['refused']);
  expect(families(await readBytes(Buffer.from(utf16).swap16()))).toEqual(['refused']);
  const latin1 = await readBytes(Buffer.from(refusedLog, 'latin1'));
  expect(families(latin1)).toEqual(['refused']);
  expect(latin1[0]?.sources[0]?.notes).toEqual(['5 lines have characters that are not UTF-8']);
  expect(families(await readBytes(refusedLog.slice(0, -20)))).toEqual(['refused']);
});

it.each([
  ['nothing', new Uint8Array(0), 'is empty'],
  [
    'random bytes',
    Uint8Array.from({ length: 5_000 }, (_, n) => (n * 131 + (n >> 3)) % 256),
    'is binary, and neither a HAR file nor a capture',
  ],
  ['a packed file', gzipSync(refusedLog), 'is compressed'],
])('says of %s what it is', async (_what, bytes, said) => {
  await expect(readBytes(bytes)).rejects.toThrow(said);
});

it('says of a directory and of a file that is not there what to do', async () => {
  await expect(readIncidents([directory], new Names())).rejects.toMatchObject({
    code: 'LAB_BAD_INPUT',
    hint: expect.stringContaining('log files'),
  });
  await expect(readIncidents([join(directory, 'nowhere.log')], new Names())).rejects.toThrow(
    'nowhere.log is not there',
  );
});

it('reads what collectors make of lines', async () => {
  const said = (n: number): string =>
    `2026-11-30 10:00:0${n},100 ERROR agent: connect ECONNREFUSED 127.0.0.1:443`;
  const ns = [0, 1, 2, 3, 4];
  const logs: Readonly<Record<string, string>> = {
    journal: ns
      .map(
        (n) =>
          `__CURSOR=s=1;i=${n}\n__REALTIME_TIMESTAMP=${1_764_497_400_000_000 + n * 1_000_000}\nPRIORITY=3\nMESSAGE=connect ECONNREFUSED 127.0.0.1:443\n`,
      )
      .join('\n'),
    'docker json-file': ns
      .map((n) =>
        JSON.stringify({ log: `${said(n)}\n`, stream: 'stderr', time: `2026-11-30T10:00:0${n}.1Z` }),
      )
      .join('\n'),
    'CRI in parts': ns
      .map(
        (n) =>
          `2026-11-30T10:00:0${n}.1Z stderr P ${said(n).slice(0, 44)}\n2026-11-30T10:00:0${n}.1Z stderr F ${said(n).slice(44)}`,
      )
      .join('\n'),
    'kubectl --prefix': ns.map((n) => `[pod/agent-7d9f8b6c5-x2x4z/agent] ${said(n)}`).join('\n'),
    colours: ns.map((n) => said(n).replace('ERROR', '\u001b[31mERROR\u001b[0m')).join('\r\n'),
    'stack traces': ns
      .map(
        (n) =>
          `${said(n)}\n    at A.b (x.js:1:1)\nCaused by: Error: connect ECONNREFUSED 127.0.0.1:443\n    at C.d (y.js:1:1)`,
      )
      .join('\n'),
  };
  for (const [what, log] of Object.entries(logs)) {
    const [incident] = await readBytes(log);
    const { features } = diagnose(incident as Incident);
    expect(families([incident as Incident]), what).toEqual(['refused']);
    expect(
      incident?.sources[0]?.events.filter(({ kind }) => kind === 'refused'),
      what,
    ).toHaveLength(5);
    expect(features.find(({ id }) => id === 'refused every')?.value, what).toBe(1_000);
  }
});

it('makes nothing of source code, of prose, of what did not happen and of times that are none', async () => {
  const nothing = [
    'if (err.code === "ECONNREFUSED") retry();\nthrow new Error("connection refused");\n'.repeat(5),
    'except ConnectionResetError:\n    raise RuntimeError("connection reset")\n'.repeat(5),
    'The connection was refused by management.\nA timeout in the second half, and a reset of expectations.\n'.repeat(
      5,
    ),
    Array.from(
      { length: 5 },
      (_, n) => `2026-11-30 10:00:0${n} INFO agent: 0 connection refused errors, no timeouts, resets=0`,
    ).join('\n'),
    '\n'.repeat(10_000),
    `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`,
  ];
  for (const text of nothing) expect(families(await readBytes(text)), text.slice(0, 60)).toEqual([]);
  const odd = '{"level":50,"time":1e300,"msg":"connect ECONNREFUSED","attempt":1e308,"delayMs":-5}\n'.repeat(
    5,
  );
  expect(families(await readBytes(odd))).toEqual(['refused']);
});

it('says of a pipe and of UTF-32 what to do, and reads a HAR file of UTF-16', async () => {
  const pipe = join(directory, 'pipe');
  execFileSync('mkfifo', [pipe]);
  await expect(readIncidents([pipe], new Names())).rejects.toThrow('is no plain file');
  const utf32 = Buffer.concat(
    [...`\uFEFF${refusedLog}`].map((one) => Buffer.from(Uint32Array.of(one.codePointAt(0) ?? 0).buffer)),
  );
  await expect(readBytes(utf32)).rejects.toThrow('is UTF-32 text');
  const har =
    '\uFEFF{"log":{"entries":[{"startedDateTime":"2026-11-30T10:00:00Z","time":5,"request":{"method":"GET","url":"http://x/"},"response":{"status":503}}]}}';
  expect(families(await readBytes(Buffer.from(har, 'utf16le'), 'x.har'))).toEqual(['status:503']);
});

it('follows a clock that goes back, and says so', async () => {
  const log = ['10:00:00', '10:00:05', '09:58:00', '09:58:05', '09:58:10']
    .map((time) => `2026-11-30 ${time} ERROR connection refused`)
    .join('\n');
  const [incident] = await readBytes(log);
  expect(incident?.sources[0]?.notes.join()).toContain('its clock goes back once, by 125 s at most');
  expect(diagnose(incident as Incident).features.find(({ id }) => id === 'refused every')?.value).toBe(5_000);
});

it('keeps its memory bounded over a log of some size, with lines of a megabyte', {
  timeout: 120_000,
}, async () => {
  const path = join(directory, 'large.log');
  const out = createWriteStream(path);
  const short = `${refusedLog}\n`.repeat(2_000);
  for (let megabytes = 0; megabytes < 24; megabytes += 1) {
    for (const part of [
      'x'.repeat(1_000_000),
      '\n',
      short.slice(0, 200_000),
      '\n',
      'INFO all is well\n'.repeat(4_000),
    ])
      if (!out.write(part)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'close');
  const before = process.memoryUsage().rss;
  let most = before;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 20);
  const [incident] = await readIncidents([path], new Names());
  clearInterval(watch);
  const [source] = incident?.sources ?? [];
  expect(source?.events).toHaveLength(50_000);
  expect(source?.notes.join('\n')).toMatch(/more events came after the first 50000 and were only counted/);
  expect(source?.notes.join('\n')).toContain('24 lines are longer than 65,536 characters and were cut');
  expect((most - before) / 2 ** 20).toBeLessThan(300);
});

it('reads a HAR file that is cut off, has wrong types, or a body without end', async () => {
  const entry = (more: string): string =>
    `{"startedDateTime":"2026-11-30T10:00:00Z","time":5,"request":{"method":"POST","url":"https://a.example/x"},"response":{"status":503${more}}}`;
  const cut = await readBytes(
    `{"log":{"entries":[${entry('')},${entry('')},${entry(',"content":{"text":"abc')}`,
  );
  expect(families(cut)).toEqual(['status:503']);
  expect(cut[0]?.sources[0]?.notes.join()).toContain('cut off in the midst of an entry');
  const odd = await readBytes(
    `{"log":{"entries":[null,7,[],{"request":"no","response":[],"time":"x"},{"response":{"status":"502"}},${entry('')}]}}`,
  );
  expect(families(odd).toSorted()).toEqual(['status:502', 'status:503']);
  // A body of 6 MB that says all that the lab looks for.
  const bomb = await readBytes(
    `{"log":{"entries":[${entry(`,"content":{"text":"${'connection refused \\" timed out '.repeat(200_000)}"}`)}]}}`,
  );
  expect(families(bomb)).toEqual(['status:503']);
  expect(bomb[0]?.sources[0]?.notes.join()).toContain('long texts, such as bodies, were not read');
  const deep = await readBytes(
    `{"log":{"entries":[${'{"a":'.repeat(60_000)}1${'}'.repeat(60_000)},${entry('')}]}}`,
  );
  expect(families(deep)).toEqual(['status:503']);
});

it('reads captures that are damaged anywhere, and throws at none', { timeout: 120_000 }, async () => {
  const random = seededRandom('hostile captures');
  const names = [
    'handshakes-cut.pcapng',
    'token-refused-pcap.pcap',
    'database-deadlock.pcapng',
    'port-closed-cooked-v1.pcapng',
  ];
  for (const name of names) {
    const whole = await readFile(join(captures, name));
    for (let round = 0; round < 60; round += 1) {
      const damaged = Buffer.from(
        whole.subarray(0, round % 3 === 0 ? Math.floor(random.next() * whole.length) + 24 : whole.length),
      );
      for (let hits = 0; hits < (round % 7) + 1; hits += 1)
        damaged[8 + Math.floor(random.next() * (damaged.length - 8))] = Math.floor(random.next() * 256);
      const [incident] = await readBytes(damaged, 'damaged');
      for (const { kind, t } of incident?.sources[0]?.events ?? []) {
        expect(kind).toBeTypeOf('string');
        expect(Number.isNaN(t)).toBe(false);
      }
      if (incident !== undefined) diagnose(incident);
    }
  }
});

it('says where a capture ends before its end', async () => {
  const whole = await readFile(join(captures, 'handshakes-cut.pcapng'));
  const [incident] = await readBytes(whole.subarray(0, whole.length - 10));
  expect(incident?.sources[0]?.notes.join()).toMatch(
    /it is read as far as it is whole: block \d+ is cut off/,
  );
  expect(incident?.sources[0]?.events.length).toBeGreaterThan(20);
});

it('writes no planted name, address or token, whatever it writes', async () => {
  const planted = [
    'api.acme-corp.internal',
    '10.20.30.40',
    'tok_51Hx9aQ8ZlmNplanted',
    'hunter2hunter2',
    'jane.doe',
    'acme-corp',
    '105945141827451681156',
  ];
  const log = Array.from({ length: 6 }, (_, n) =>
    [
      `2026-11-30 10:00:0${n},100 ERROR agent: POST https://api.acme-corp.internal/api/fleet/report failed for user jane.doe@acme-corp.internal: connect ECONNREFUSED 10.20.30.40:443`,
      `2026-11-30 10:00:0${n},200 ERROR agent: Authorization: Bearer tok_51Hx9aQ8ZlmNplanted password=hunter2hunter2 user 105945141827451681156: connection refused by api.acme-corp.internal`,
    ].join('\n'),
  ).join('\n');
  const [incident] = await readBytes(log, 'api.acme-corp.internal.log');
  const diagnosis = diagnose(incident as Incident);
  const [best] = diagnosis.ranked;
  expect(best?.signature.id).toBe('port-closed');
  const written = [
    incidentJson([diagnosis], []),
    diagnosisLines(diagnosis).join('\n'),
    best === undefined
      ? ''
      : scenarioFile({
          id: 'incident/x',
          signature: best.signature,
          match: best.match,
          sources: diagnosis.incident.sources.map(({ name }) => name),
        }),
  ].join('\n');
  for (const name of planted) expect(written).not.toContain(name);
});
