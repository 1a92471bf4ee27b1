/** `npm run bench:proxy -- --rounds 5 --only bulk,requests-1 --json FILE --quick`. See ../README.md. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { parseArgs, promisify } from 'node:util';
import { findProgram } from '../../harness/databases/programs.ts';
import { createAuthority } from '../../proxy/certificates/index.ts';
import { systemClock } from '../../proxy/core/clock.ts';
import { findToxiproxyServer } from '../../test/support/toxiproxy-server.ts';
import type { Rounds } from './goals.ts';
import { startHelper } from './helper.ts';
import { type Bench, type Figures, type Measure, measures } from './measures.ts';
import { createReport, formatReport } from './report.ts';
import {
  direct,
  haproxy,
  type Ports,
  type Subject,
  type SubjectKind,
  type SubjectName,
  shaketable,
  tapped,
  toxiproxy,
} from './subjects.ts';

const defaultRounds = 5;
const announce = (line: string): void => console.error(line);

/** Those that are to be had here; why others are not goes to `skipped`. */
async function findSubjects(skipped: string[]): Promise<SubjectKind[]> {
  const kinds = [direct];
  const real = await findToxiproxyServer(announce);
  if ('path' in real) kinds.push(toxiproxy(real.path));
  else skipped.push(real.reason);
  const balancer = await findHaproxy();
  if (balancer === undefined)
    skipped.push('HAProxy was not found, and is installed for root on Debian alone');
  else kinds.push(haproxy(balancer));
  return [...kinds, shaketable, tapped('off'), tapped('on')];
}

/** Debian keeps it in a directory for administrators. */
async function findHaproxy(): Promise<string | undefined> {
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };
  const found = findProgram('haproxy', env);
  const apt = findProgram('apt-get', env);
  if (found !== undefined || apt === undefined || process.getuid?.() !== 0) return found;
  announce('Installing HAProxy with apt-get');
  const options = { env: { ...env, DEBIAN_FRONTEND: 'noninteractive' } };
  const run = promisify(execFile);
  // Not fatal: without HAProxy the rest is measured all the same.
  await run(apt, ['install', '-y', '--no-install-recommends', 'haproxy'], options).catch(() => undefined);
  return findProgram('haproxy', env);
}

/** One round of one measure: every subject, beginning with another one each time. */
async function takeRound(
  bench: Bench,
  measure: Measure,
  round: number,
  results: Map<SubjectName, Figures[]>,
): Promise<void> {
  const present = measure.subjects.filter((name) => bench.subjects.has(name));
  for (let index = 0; index < present.length; index += 1) {
    const name = present[(index + round) % present.length];
    const subject = name && bench.subjects.get(name);
    if (!subject) continue;
    const figures = await measure.take(bench, subject, name);
    results.set(name, [...(results.get(name) ?? []), figures]);
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      only: { type: 'string' },
      json: { type: 'string' },
    },
  });
  const rounds = Number(values.rounds ?? (values.quick ? 2 : defaultRounds));
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error('Expected --rounds to be a whole number');
  const wanted = values.only?.split(',');
  const unknown = wanted?.filter((name) => !measures.some((measure) => measure.name === name)) ?? [];
  if (unknown.length > 0)
    throw new Error(`Expected --only to name ${measures.map(({ name }) => name).join(', ')}; got ${unknown}`);
  const chosen = measures.filter(({ name }) => wanted?.includes(name) ?? true);

  await using resources = new AsyncDisposableStack();
  const skipped: string[] = [];
  const kinds = await findSubjects(skipped);
  const authority = await createAuthority({ name: 'bench', now: systemClock().now() });
  const { keyPem, chainPem } = await authority.issue({ hosts: ['localhost', '127.0.0.1'] });
  const servers = resources.use(startHelper('server-main.ts'));
  const load = resources.use(startHelper('load-main.ts'));
  const ports = await servers.run<Ports>({ kind: 'listen', key: keyPem, cert: chainPem });
  const subjects = new Map<SubjectName, Subject>();
  for (const kind of kinds) subjects.set(kind.name, resources.use(await kind.start(ports)));

  const bench: Bench = {
    load,
    subjects,
    ca: authority.certPem,
    quick: values.quick,
    async startAnother(name) {
      const kind = kinds.find((candidate) => candidate.name === name);
      if (!kind) throw new Error(`Expected a known subject, got ${name}`);
      return kind.start(ports);
    },
  };
  const results = new Map<string, Map<SubjectName, Figures[]>>(chosen.map(({ name }) => [name, new Map()]));
  announce('Warming up');
  for (const measure of chosen) await takeRound(bench, measure, 0, new Map());
  for (let round = 0; round < rounds; round += 1) {
    for (const measure of chosen) {
      announce(`Round ${round + 1} of ${rounds}: ${measure.name}`);
      await takeRound(bench, measure, round, results.get(measure.name) ?? new Map());
    }
  }
  const report = createReport(chosen, results as ReadonlyMap<string, Rounds>, skipped);
  console.log(formatReport(report));
  if (values.json) await writeFile(values.json, `${JSON.stringify(report, undefined, 2)}\n`);
  process.exitCode = report.goals.every(({ reached }) => reached) ? 0 : 1;
}

await main();
