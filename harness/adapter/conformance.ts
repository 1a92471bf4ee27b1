/**
 * Tries an adapter: whether its answers can be believed. What it says of a request or a message is held against what reached the other
 * side, for that is what scenarios will rest on.
 */
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createAuthority } from 'shaketable-proxy/certificates';
import type { Clock } from 'shaketable-proxy/clock';
import { labTemporaryDirectory, openLedger, type ResourceLedger } from '../cleanup/index.ts';
import { findDatabase, startDatabase } from '../databases/index.ts';
import { isLabError, LabError } from '../errors.ts';
import { freePort } from '../free-port.ts';
import { spellings } from '../journal/secret-forms.ts';
import { suggestion } from '../nearest-word.ts';
import { startProcess } from '../subjects/process.ts';
import { type AdapterCheck, type Bench, type BenchDatabase, Mismatch } from './check.ts';
import { databaseChecks } from './checks/database.ts';
import { httpChecks } from './checks/http.ts';
import { lastChecks, protocolChecks } from './checks/protocol.ts';
import { webSocketChecks } from './checks/websocket.ts';
import { startPeer } from './peer.ts';
import { type ConnectionKind, connectionKinds } from './protocol.ts';
import { type Adapter, startAdapter } from './start-adapter.ts';

/** What came of a check. `why` says what was seen instead, or why it was not tried. */
export interface CheckResult {
  readonly id: string;
  readonly kind?: ConnectionKind;
  readonly title: string;
  readonly outcome: 'pass' | 'fail' | 'not tried';
  readonly why?: string;
}

export interface Conformance {
  readonly version: 1;
  /** As it calls itself. */
  readonly name: string;
  readonly kinds: readonly ConnectionKind[];
  readonly outcome: 'conforms' | 'does not conform';
  readonly checks: readonly CheckResult[];
}

export interface ConformanceOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** How long it may take to start, ms. @default 20000 */
  readonly greetingMs?: number;
  /** Beside PATH and HOME. */
  readonly env?: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Kinds, ids, or both as `http/cut-is-unknown`, of the checks to make. @default all */
  readonly only?: readonly string[];
  /** May install a database server where there is none. */
  readonly setUp: boolean;
  readonly announce: (line: string) => void;
  /** Told of each check when it is done. */
  readonly onCheck: (result: CheckResult) => void;
}

const allChecks = [...protocolChecks, ...httpChecks, ...webSocketChecks, ...databaseChecks, ...lastChecks];

/** @throws LabError `LAB_BAD_INPUT` for a name that no check has */
export function refuseUnknownChecks(only: readonly string[]): void {
  const known = [...allChecks, secretsCheck].flatMap(namesOf);
  for (const name of only)
    if (!known.includes(name))
      throw new LabError('LAB_BAD_INPUT', `There is no check ${name} of adapters`, {
        hint: `Without --only all are made, and named; ${suggestion(name, known)}`,
      });
}

const namesOf = ({ id, kind }: { readonly id: string; readonly kind?: ConnectionKind }): string[] =>
  kind === undefined ? [id] : [kind, id, `${kind}/${id}`];

const isWanted = (check: Parameters<typeof namesOf>[0], only: readonly string[] = []): boolean =>
  only.length === 0 || namesOf(check).some((name) => only.includes(name));

const secretsCheck = {
  id: 'keeps-secrets',
  title: 'the token and the database’s password stand in nothing that it prints to standard error',
} as const;

/**
 * Tries all that the adapter says it can do. One that ends on the way is started again for the next check.
 * @throws LabError `LAB_SUBJECT_START` when it does not greet as an adapter does
 */
export async function tryAdapter(options: ConformanceOptions): Promise<Conformance> {
  const { clock, signal, onCheck } = options;
  await using resources = new AsyncDisposableStack();
  const ledger = await openLedger();
  const directory = resources.use(await labTemporaryDirectory('adapter', { ledger }));
  const peer = resources.use(await startPeer());
  const caFile = join(directory.path, 'ca.pem');
  const otherCaFile = join(directory.path, 'other-ca.pem');
  await writeFile(caFile, peer.authority);
  await writeFile(
    otherCaFile,
    (await createAuthority({ name: 'Another authority', now: Date.now() })).certPem,
  );
  const token = `tok${randomBytes(18).toString('hex')}`;
  const errors = watchErrors();
  /** Of all adapters that were started. */
  const breaches: string[] = [];
  let isGone = false;
  const start = async (): Promise<Adapter> => {
    const { command, args, env = {}, greetingMs } = options;
    isGone = false;
    const adapter = await startAdapter({
      command,
      args,
      env,
      clock,
      breaches,
      ...(greetingMs === undefined ? {} : { greetingMs }),
      onStderrLine: errors.take,
      start: (how) => startProcess({ ...how, ledger }),
    });
    void adapter.exited.then(() => {
      isGone = true;
    });
    return resources.use(adapter);
  };
  let running = await start();
  const { name, kinds } = running;
  const needsDatabase =
    kinds.includes('database') &&
    allChecks.some((check) => check.kind === 'database' && isWanted(check, options.only));
  const database = needsDatabase ? await openDatabase(options, ledger, resources) : undefined;
  const bench: Omit<Bench, 'adapter'> = {
    peer,
    clock,
    caFile,
    otherCaFile,
    token,
    closedPort: await freePort(),
    ...(database !== undefined && 'server' in database ? { database } : {}),
  };
  const results: CheckResult[] = [];
  const tell = (result: CheckResult): void => {
    results.push(result);
    onCheck(result);
  };
  const all = allChecks.filter((check) => isWanted(check, options.only));
  for (const { run, ...facts } of all) {
    signal.throwIfAborted();
    const untried = whyNot(facts, kinds, database);
    if (untried !== undefined) {
      tell({ ...facts, outcome: 'not tried', why: untried });
      continue;
    }
    if (isGone && facts.id !== 'prints-nothing-else') running = await start();
    tell({ ...facts, ...(await outcomeOf(run, { ...bench, adapter: running })) });
  }
  // Whatever was tried, they were handed over.
  const secrets = [token, ...(bench.database ? [new URL(bench.database.place.url).password] : [])];
  const leaked = errors.find(secrets.flatMap(spellings));
  tell({
    ...secretsCheck,
    outcome: leaked ? 'fail' : 'pass',
    ...(leaked ? { why: 'one of them does' } : {}),
  });
  const isSound = results.every(({ outcome }) => outcome !== 'fail');
  return { version: 1, name, kinds, outcome: isSound ? 'conforms' : 'does not conform', checks: results };
}

async function outcomeOf(
  run: AdapterCheck['run'],
  bench: Bench,
): Promise<Pick<CheckResult, 'outcome' | 'why'>> {
  try {
    await run(bench);
    return { outcome: 'pass' };
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    return { outcome: 'fail', why: error.message };
  }
}

function whyNot(
  { kind }: Pick<AdapterCheck, 'kind'>,
  kinds: readonly ConnectionKind[],
  database: BenchDatabase | { readonly missing: string } | undefined,
): string | undefined {
  if (kind === undefined) return undefined;
  if (!kinds.includes(kind)) return `it connects to ${inList(kinds)}`;
  return kind === 'database' && database !== undefined && 'missing' in database
    ? database.missing
    : undefined;
}

const inList = (kinds: readonly ConnectionKind[]): string =>
  connectionKinds.filter((kind) => kinds.includes(kind)).join(' and ');

/** A throwaway server with a schema of its own, or why there is none. */
async function openDatabase(
  { setUp, announce, signal }: ConformanceOptions,
  ledger: ResourceLedger,
  resources: AsyncDisposableStack,
): Promise<BenchDatabase | { readonly missing: string }> {
  try {
    const binary = await findDatabase({ setUp, announce });
    const server = resources.use(await startDatabase({ binary, announce, ledger, signal }));
    const { user, password, database } = await server.createSchema();
    const place = (secret: string) => ({
      url: `mysql://${user}:${secret}@${server.host}:${server.port}/${database}`,
      caFile: server.caFile,
    });
    return { server, user, place: place(password), wrongPlace: place('not-the-password') };
  } catch (error) {
    if (!isLabError(error, 'LAB_DATABASE_MISSING')) throw error;
    return { missing: `${error.message} (--set-up gets one)` };
  }
}

const mostErrorText = 4 * 1024 * 1024;

/** What it prints to standard error, in bounds. */
function watchErrors() {
  let text = '';
  return {
    take: (line: string): void => {
      if (text.length < mostErrorText) text += `${line}\n`;
    },
    find: (forms: readonly string[]): boolean => forms.some((form) => text.includes(form)),
  };
}
