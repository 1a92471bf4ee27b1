/** Starts an agent for a test: fast clock, its log in memory, its sockets counted. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import {
  type Agent,
  type AgentOptions,
  type Dial,
  readConfig,
} from '../../../../services/agent/http/index.ts';
import { type Clock, systemClock } from '../../../../services/clock.ts';
import { seededRandom } from '../../../../services/random.ts';
import { testCertificates } from '../certificates.ts';

export const clientToken = 'abc12345-0000-4000-8000-00000000xyz9';

/** A record of the hardened agent's log. */
export type LogRecord = { level: string; time: number; msg: string; event?: string } & Record<
  string,
  unknown
>;

/** An agent on the test bench. */
export interface Bench extends AsyncDisposable {
  readonly agent: Agent;
  readonly clock: Clock;
  readonly text: string;
  readonly records: LogRecord[];
  /** Sockets that the agent has opened and not closed. */
  readonly openSockets: number;
  readonly dialled: number;
  events(event: string): LogRecord[];
  above(level: 'debug' | 'info'): LogRecord[];
}

/** How fast the test's clock runs. */
export const labPace = 25;

/** A clock that runs `pace` times as fast as the wall clock. */
export function fastClock(pace = labPace): Clock {
  const base = systemClock();
  const origin = base.now();
  return {
    now: () => origin + (base.now() - origin) * pace,
    sleep: (ms, signal) => base.sleep(ms / pace, signal),
  };
}

/** Makes an agent with the given environment; it is not started. */
export async function benchAgent(
  create: (options: AgentOptions) => Agent,
  serverUrl: string,
  env: Record<string, string> = {},
  options: { dial?: Dial; pace?: number; seed?: number } = {},
): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), 'agent-test-'));
  const caFile = join(folder, 'ca.pem');
  writeFileSync(caFile, (await testCertificates()).ca);
  const chunks: string[] = [];
  const log = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk));
      done();
    },
  });
  const sockets = new Set<Socket>();
  let dialled = 0;
  const dial: Dial = (target) => {
    dialled += 1;
    const socket = connect(target);
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    return socket;
  };
  const clock = fastClock(options.pace);
  const config = readConfig({
    SPOT_OPTIMIZER_SERVER_URL: serverUrl,
    SPOT_OPTIMIZER_CLIENT_TOKEN: clientToken,
    SPOT_OPTIMIZER_CA_FILE: caFile,
    LOGICAL_AGENT_ID: 'agent-001',
    LOG_LEVEL: 'DEBUG',
    // Bounds that no busy machine meets; a test of a bound gives its own.
    CONNECT_TIMEOUT: '600',
    REQUEST_TIMEOUT: '600',
    ...env,
  });
  const random = seededRandom(options.seed ?? 1);
  const agent = create({ config, clock, random, dial: options.dial ?? dial, log });
  const bench: Bench = {
    agent,
    clock,
    get text() {
      return chunks.join('');
    },
    get records() {
      const lines = bench.text.split('\n').filter((line) => line.startsWith('{'));
      return lines.map((line) => JSON.parse(line) as LogRecord);
    },
    get openSockets() {
      return sockets.size;
    },
    get dialled() {
      return dialled;
    },
    events: (event) => bench.records.filter((record) => record.event === event),
    above: (level) =>
      bench.records.filter(
        (record) => !['debug', ...(level === 'info' ? ['info'] : [])].includes(record.level),
      ),
    async [Symbol.asyncDispose]() {
      await agent.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return bench;
}
