/** Captures as we read them beside what tshark makes of them: which connections were made, and which were refused. */
import { execFile } from 'node:child_process';
import { glob } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { findProgram } from '../../harness/databases/programs.ts';
import { readIncidents } from '../../harness/incident/reading/read-incident.ts';
import { Names } from '../../harness/names/names.ts';
import { orSaySkipped } from '../local/proxy/programs.ts';

const run = promisify(execFile);
const tshark = findProgram('tshark', process.env);
const captures = join(import.meta.dirname, '../unit/incident/fixtures/captures');

/** How many TCP streams have a packet that the filter means. */
async function streams(file: string, filter: string): Promise<Set<string>> {
  const { stdout } = await run(tshark ?? '', ['-r', file, '-Y', filter, '-T', 'fields', '-e', 'tcp.stream']);
  return new Set(stdout.split(/\s+/).filter((stream) => stream !== ''));
}

const hasTshark = orSaySkipped(
  tshark !== undefined,
  'tshark is not installed (Debian: apt-get install tshark)',
);

it.skipIf(!hasTshark)('sees the connections that tshark sees', { timeout: 300_000 }, async () => {
  const names = await Array.fromAsync(glob('*.pcap*', { cwd: captures }));
  expect(names).not.toEqual([]);
  for (const name of names) {
    const file = join(captures, name);
    const made = await streams(file, 'tcp.flags.syn == 1 && tcp.flags.ack == 1');
    const reset = await streams(file, 'tcp.flags.reset == 1');

    const incidents = await readIncidents([file], new Names(), new AbortController().signal);
    const events = incidents.flatMap(({ sources }) => sources.flatMap((source) => source.events));
    const count = (kind: string): number => events.filter((event) => event.kind === kind).length;

    expect([basename(name), count('connect'), count('refused')]).toEqual([
      basename(name),
      made.size,
      [...reset].filter((stream) => !made.has(stream)).length,
    ]);
  }
});
