/** R3.6: a log that grows until the disk is full, and says what nobody asked for. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { accounted, changeRows, count, scenario, statistic, type Table } from 'shaketable';
import { startAgent } from '../rigs/agent.ts';
import { startReference } from '../rigs/reference.ts';

const limitBytes = 1_280;
const requests = { kind: 'server.log', event: 'request' } as const;
const polls = { ...requests, path: { matches: '/commands$' }, status: 200 } as const;
const refusals = { ...requests, status: 403 } as const;
const verbose = { kind: 'agent.log', log: 'verbose' } as const;
const quiet = { kind: 'agent.log', log: 'quiet' } as const;
const files = { kind: 'subject.note', name: 'log-file', log: 'verbose' } as const;

/** Notes each file of a log with its size, and how many of its lines are only a part of a record. */
async function noteFiles(table: Table, log: string): Promise<void> {
  const names = (await readdir(table.directory)).filter((name) => name.startsWith(`${log}.log`));
  for (const file of names) {
    const text = await readFile(join(table.directory, file), 'utf8');
    const lines = text.split('\n').slice(0, -1);
    const cut = lines.filter((line) => !/^\{.*\}$|^\d{4}-\d\d-\d\d .+ - [A-Z]+ - /.test(line)).length;
    const unfinished = text.endsWith('\n') ? 0 : 1;
    table.note('log-file', { log, file, bytes: Buffer.byteLength(text), cut: cut + unfinished });
  }
}

scenario({
  id: 'noise-and-leaks/logs-rotate',
  title: 'The log keeps its size, its records and its level',
  requirements: ['R3.6'],
  story:
    'Two agents are told how to log: one everything, in small files of which three are kept; the other nothing below INFO. ' +
    'They work until their account is disabled. As reported, the log file grew without end, and the HTTP library told of ' +
    'every connection it made. A log that is rotated must not lose records by that, or cut one in two.',
  fastPace: 20,
  faults: {
    disabled: {
      fault: changeRows({
        kind: 'account_disabled',
        apply: 'UPDATE {schema}.clients SET is_active = 0',
        struckBy: refusals,
      }),
      from: 'manual',
    },
  },
  play: async (table) => {
    const reference = await startReference(table, { env: { KEEP_ALIVE_TIMEOUT: '65', BODY_TIMEOUT: '300' } });
    const agents = [
      await startAgent(table, reference, {
        name: 'verbose',
        env: {
          LOG_LEVEL: 'DEBUG',
          REQUEST_TIMEOUT: '300',
          LOG_MAX_BYTES: String(limitBytes),
          LOG_MAX_FILES: '3',
          PENDING_COMMANDS_CHECK_INTERVAL: '1',
        },
      }),
      await startAgent(table, reference, {
        name: 'quiet',
        env: { LOG_LEVEL: 'INFO', REQUEST_TIMEOUT: '300', FLEET_REPORT_INTERVAL: '5' },
      }),
    ];
    await table.until(polls, { nth: 60, withinMs: 300_000 });
    await table.inject('disabled');
    // A poll that is refused comes after all that were answered, and after their records.
    await table.until({ ...refusals, path: polls.path }, { withinMs: 300_000 });
    await Promise.all(agents.map((agent) => agent.stop()));
    await noteFiles(table, 'verbose');
  },
  checks: {
    'bounded-size': statistic('no file is larger than it was told to be', {
      of: files,
      field: 'bytes',
      take: 'max',
      atMost: limitBytes,
      unit: 'bytes',
    }),
    'bounded-number': count('the log was rotated, and no more files are kept than it was told to', {
      of: files,
      given: files,
      atLeast: 3,
      atMost: 3,
      unit: 'files',
    }),
    'nothing-cut': statistic('each line of each file is a whole record', {
      of: files,
      field: 'cut',
      take: 'max',
      atMost: 0,
      unit: 'lines',
    }),
    'nothing-lost': accounted(
      'every poll that the server has answered has its record, in one file or another',
      {
        happened: polls,
        told: { ...verbose, level: 'debug', message: { matches: '\\d+ pending commands$' } },
        fewest: 30,
      },
    ),
    'refusal-is-told': count('that the account is disabled is told, at any level', {
      of: { kind: 'agent.log', event: 'auth_refused', status: 403 },
      given: refusals,
      atLeast: 1,
      unit: 'records',
    }),
    'level-respected': count('at INFO, nothing below it is written', {
      of: { ...quiet, level: { anyOf: ['trace', 'debug'] } },
      given: { ...quiet, level: { anyOf: ['info', 'warn', 'error'] } },
      atMost: 0,
      unit: 'records',
    }),
    'libraries-quiet': count('that a connection is made is no news', {
      of: { ...quiet, message: { matches: '[Cc]onnection( \\(\\d+\\))?:' } },
      given: { ...quiet, level: { anyOf: ['info', 'warn', 'error'] } },
      atMost: 0,
      unit: 'records',
    }),
  },
  reported: ['bounded-size', 'bounded-number', 'libraries-quiet'],
});
