/**
 * `shaketable-proxy`, and `shaketable proxy`: the fault proxy as a program, a replacement for `toxiproxy-server`. Flags, configuration
 * file, log and signals are its; `docs/from-toxiproxy.md` has the differences.
 */
import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { EarlyListener } from '../api/early-listener.ts';
import { toxiproxyVersion } from '../api/routes.ts';
import { parseAddress } from '../core/address.ts';
import { type Clock, systemClock } from '../core/clock.ts';
import { defaultApiLimits } from '../core/limits.ts';
import { seededRandom } from '../core/random.ts';
import { keptConnections } from '../engine/connection-table.ts';
import { lendingDial } from '../engine/lending-socket.ts';
import { ProxyServer } from '../server.ts';
import { drivenFromHere, type StartedProxy } from '../started-proxy.ts';
import { lazyAuthority } from '../tls/authority.ts';
import { GoFlagError, type GoFlagValues, parseGoFlags } from './go-flags.ts';
import { createJsonLog, type JsonLog } from './json-log.ts';
import { LineWriter } from './line-writer.ts';
import { apiAddress, proxyFlags, proxyUsage } from './proxy-flags.ts';
import { logProxyEvent } from './proxy-log.ts';
import { StartError, type StartErrorCode } from './start-error.ts';

/** As `toxiproxy-server` ends when its flags are wrong. */
const wrongUsage = 2;
const cannotListen = 3;
/** How long the last lines of the log may take to be read, ms. */
const flushMs = 500;

type Flags = GoFlagValues<typeof proxyFlags>;

/** Serves a page for a running proxy server, on a port of its own; it is disposed of before the server ends. */
export type PageServer = (
  proxies: StartedProxy,
  options: { readonly port: number },
) => Promise<AsyncDisposable & { readonly url: string }>;

/** What the program has beside its flags. */
interface Equipment {
  /** What listens already. */
  readonly early: EarlyListener | undefined;
  /** What `-ui` starts: the page is the lab's, and the proxy alone has none. */
  readonly servePage: PageServer | undefined;
}

/** Runs until SIGINT or SIGTERM, then ends every connection and gives back 0. `command` is how the user called it. */
export async function runProxy(
  args: readonly string[],
  command: string,
  { early, servePage }: Equipment,
): Promise<number> {
  const flags = readFlags(args, command);
  if (flags === undefined || (flags !== 'help' && flags.ui && noPage(servePage))) {
    early?.close();
    return wrongUsage;
  }
  if (flags === 'help' || flags.version) {
    console.log(flags === 'help' ? proxyUsage(command) : `toxiproxy-server version ${toxiproxyVersion}`);
    return 0;
  }
  const clock = systemClock();
  const writer = new LineWriter(
    process.stdout,
    (lines) =>
      `${JSON.stringify({ level: 'warn', lines, message: 'Lines of the log left out: nobody read them' })}\n`,
  );
  const write = (line: string): void => writer.write(line);
  const log = createJsonLog({ level: process.env.LOG_LEVEL, clock, write });
  try {
    await serve(flags, { clock, log, early, servePage });
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    console.error(`\n${error.code}: ${error.message}\n→ ${error.hint}`);
    return cannotListen;
  }
  // Output that is not read must not keep the process alive: a pipe does until it is drained.
  if (!(await writer.flush(clock, flushMs))) process.exit(0);
  return 0;
}

/** Says that the page is not there, where it is not. */
function noPage(servePage: PageServer | undefined): boolean {
  if (servePage) return false;
  console.error(
    'flag -ui: the page comes with the lab: npm install --save-dev shaketable, then npx shaketable proxy -ui',
  );
  return true;
}

/** Go takes any text for a port, and fails to listen later; here what is none is wrong use. @throws {GoFlagError} */
function assertPort(flag: string, port: string): void {
  try {
    parseAddress(`:${port}`);
  } catch {
    throw new GoFlagError(
      `invalid value ${JSON.stringify(port)} for flag -${flag}: not a number from 0 to 65535 or the name of a service`,
    );
  }
}

/** Kept ones cost a kilobyte each. @throws {GoFlagError} */
function assertKept(count = String(keptConnections)): void {
  if (Number(count) >= 0 && Number(count) <= 1_000_000) return;
  throw new GoFlagError(
    `invalid value "${count}" for flag -keep-connections: not a number from 0 to 1000000`,
  );
}

/** Undefined, and a word on standard error, when they are wrong. */
function readFlags(args: readonly string[], command: string): Flags | 'help' | undefined {
  try {
    const flags = parseGoFlags(proxyFlags, args);
    if (flags === 'help') return flags;
    assertPort('port', flags.port);
    assertPort('ui-port', flags['ui-port']);
    assertKept(flags['keep-connections']);
    return flags;
  } catch (error) {
    if (!(error instanceof GoFlagError)) throw error;
    console.error(`${error.message}\n${proxyUsage(command)}`);
    return undefined;
  }
}

interface Serving extends Equipment {
  readonly clock: Clock;
  readonly log: JsonLog;
}

async function serve(flags: Flags, { clock, log, early, servePage }: Serving): Promise<void> {
  const stopped = stopSignal();
  const { seed = String(randomInt(2 ** 47)), compat, config, host } = flags;
  const server = new ProxyServer({
    clock,
    random: seededRandom(seed),
    authority: lazyAuthority(),
    dial: lendingDial,
    dialler: () => '',
    compatibility: compat ? 'toxiproxy' : 'none',
    taps: true,
    metrics: { proxy: flags['proxy-metrics'], runtime: flags['runtime-metrics'] },
    limits: defaultApiLimits,
    keptConnections: Number(flags['keep-connections'] ?? keptConnections),
    strictClients: flags['strict-clients'],
    log,
  });
  server.broadcast.subscribe((event) => logProxyEvent(log, server.registry, event));
  try {
    log('info', 'Starting Toxiproxy', { version: toxiproxyVersion, seed });
    if (config !== '') await populate(server, config, log);
    const port = await listen(server, apiAddress(flags), early);
    log('info', 'Starting Toxiproxy HTTP server', { address: apiAddress({ host, port }) });
    await using page = flags.ui
      ? await startUi(drivenFromHere(server, { host, port }), flags, servePage)
      : undefined;
    // Not in the log: the address holds the token, and logs are kept and sent about.
    if (page) console.error(`Play faults by hand: ${page.url}`);
    await stopped;
    log('info', 'Shutdown started');
  } finally {
    await server.close();
  }
}

/** @throws {StartError} when the page cannot be served: who asked for it has no use for the rest */
async function startUi(proxies: StartedProxy, flags: Flags, servePage: PageServer | undefined) {
  const { port } = parseAddress(`:${flags['ui-port']}`);
  try {
    return await servePage?.(proxies, { port });
  } catch (cause) {
    const { message, code, hint } = cause as Error & { readonly code?: string; readonly hint?: string };
    if (hint === undefined) throw cause;
    throw new StartError(code === 'LAB_PORT_TAKEN' ? code : 'LAB_BAD_INPUT', message, { hint, cause });
  }
}

/** Logs what is wrong with the file; the server starts all the same. */
async function populate(server: ProxyServer, config: string, log: JsonLog): Promise<void> {
  const text = await readFile(config, 'utf8').catch((error: Error) => {
    log('error', 'Error reading config file', { config, error });
  });
  if (text === undefined) return;
  try {
    const { proxies, failures, wrong } = await server.populate(text);
    for (const { message } of wrong) {
      log('error', 'Left out a proxy of the file', { config, error: message });
    }
    for (const { name, error } of failures) {
      log('error', 'Failed to populate proxies from file', { config, proxy: name, error });
    }
    if (failures.length === 0 || proxies.length > 0)
      log('info', 'Populated proxies from file', { config, proxies: proxies.length });
  } catch (error) {
    log('error', 'Failed to populate proxies from file', { config, error });
  }
}

const listenFailures: Readonly<Record<string, { code: StartErrorCode; reason: string; hint: string }>> = {
  EADDRINUSE: {
    code: 'LAB_PORT_TAKEN',
    reason: 'the address is already in use',
    hint: 'Stop what listens there, or choose another address with -host and -port.',
  },
  EACCES: {
    code: 'LAB_NO_PERMISSION',
    reason: 'permission denied',
    hint: 'Ports below 1024 take privileges: choose another one with -port.',
  },
};

/** @throws {StartError} without an API there is nothing to go on for */
async function listen(
  server: ProxyServer,
  address: string,
  early: EarlyListener | undefined,
): Promise<number> {
  try {
    return await server.listen(address, early);
  } catch (cause) {
    const { code = '', message } = cause as NodeJS.ErrnoException;
    const known = listenFailures[code];
    const what = `The API cannot listen on ${address}: ${known?.reason ?? message}`;
    const hint = known?.hint ?? 'Give -host an address of this machine, and -port a number from 0 to 65535.';
    throw new StartError(known?.code ?? 'LAB_BAD_INPUT', what, { hint, cause });
  }
}

/** Settles when the process is asked to end. SIGUSR1 is taken so that it does not open Node's debugger. */
function stopSignal(): Promise<void> {
  process.on('SIGUSR1', () => {});
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}
