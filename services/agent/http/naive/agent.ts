/**
 * The agent as the field reports found it. It does the same work as the hardened one and has every reported fault, as
 * real behaviour: it starts without looking whether the server is there, floods its log, shows its token, repeats what
 * may have been done already and cannot be repeated safely, never registers again, never gives anything back.
 */
import { freemem, loadavg, totalmem } from 'node:os';
import { dialTcp } from '../../shared/dial.ts';
import type { LogSink } from '../../shared/log.ts';
import type { Agent, AgentFacts, AgentOptions } from '../agent.ts';
import { type LogFile, openLogFile } from '../log-file.ts';
import { runEvery } from '../run-every.ts';
import { createPlainLog, type PlainLog } from './plain-log.ts';
import { RetryingTransport } from './retrying-transport.ts';
import { SessionTransport } from './session-transport.ts';
import { type PlainRequest, type PlainTransport, Transport, type TransportParts } from './transport.ts';

/** Puts a naive agent together. */
export function createNaiveAgent(options: AgentOptions): Agent {
  return new Naive(options, (parts) => new Transport(parts));
}

/** A naive agent after the first report's own fix, and no other: it keeps its connection, and trusts it. */
export function createSessionAgent(options: AgentOptions): Agent {
  return new Naive(options, (parts) => new SessionTransport(parts));
}

/** A naive agent of the second report’s version 4.0.1, with its announced attempts and its time-out, and no other fix. */
export function createRetryingAgent(options: AgentOptions): Agent {
  const { config } = options;
  return new Naive(options, (parts) => new RetryingTransport({ ...parts, config }));
}

const firstWaitMs = 60_000;

class Naive implements Agent {
  readonly #options: AgentOptions;
  readonly #stopping = new AbortController();
  readonly #file: LogFile | undefined;
  readonly #log: PlainLog;
  readonly #transport: PlainTransport;
  #agentId: string | undefined;
  #sequence = 0;

  constructor(options: AgentOptions, createTransport: (parts: TransportParts) => PlainTransport) {
    this.#options = options;
    const { config, clock, dial = dialTcp } = options;
    this.#file =
      'file' in options.log
        ? openLogFile({ file: options.log.file, maxBytes: Number.POSITIVE_INFINITY })
        : undefined;
    const sink: LogSink = this.#file ?? {
      write: (line) => (options.log as NodeJS.WritableStream).write(line),
    };
    this.#log = createPlainLog(clock, sink, config.log.level);
    const { signal } = this.#stopping;
    const serverUrl = new URL(config.serverUrl);
    this.#transport = createTransport({ serverUrl, dial, clock, log: this.#log, signal });
  }

  get facts(): AgentFacts {
    const machineId = this.#options.config.logicalAgentId;
    return { machineId, ...(this.#agentId !== undefined && { agentId: this.#agentId }) };
  }

  /** Starts without asking whether the server is there. */
  async start(): Promise<void> {
    const { heartbeat, commands, fleetReport } = this.#options.config.intervalsMs;
    this.#log.info('Fleet agent started');
    this.#every(fleetReport, () => this.#report());
    void this.#register().then(() => {
      this.#every(heartbeat, () =>
        this.#post(`/api/agents/${this.#agentId}/heartbeat`, { status: 'online' }),
      );
      this.#every(commands, () => this.#send('GET', `/api/agents/${this.#agentId}/commands`));
    });
  }

  async stop(): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    this.#stopping.abort(new Error('The agent is stopping'));
    await this.#transport[Symbol.asyncDispose]();
    this.#log.info('Fleet agent stopped');
    this.#file?.[Symbol.dispose]();
  }

  /** Each round is begun, and what becomes of it does not matter: requests that hang pile up. */
  #every(intervalMs: number, round: () => Promise<unknown>): void {
    if (intervalMs === 0) return;
    const { clock } = this.#options;
    const rounds = { clock, intervalMs, firstAfterMs: 0, signal: this.#stopping.signal };
    void runEvery(rounds, () => void round().catch(() => {}));
  }

  /** Tries for ever, whatever the server says, after waits that double and double. */
  async #register(retry = 0): Promise<void> {
    const { logicalAgentId, instanceId, region } = this.#options.config;
    try {
      const answer = await this.#post('/api/agents/register', { logicalAgentId, instanceId, region });
      this.#agentId = (answer as { agentId?: string }).agentId;
      await this.#send('GET', `/api/agents/${this.#agentId}/config`);
    } catch {
      const seconds = (firstWaitMs * 2 ** retry) / 1_000;
      this.#log.error(`Registration failed, retrying in ${seconds}s`);
      void this.#registerLater(retry, seconds * 1_000);
    }
  }

  async #registerLater(retry: number, waitMs: number): Promise<void> {
    await this.#options.clock.sleep(waitMs, this.#stopping.signal).then(
      () => this.#register(retry + 1),
      () => {},
    );
  }

  #report(): Promise<unknown> {
    this.#sequence += 1;
    return this.#post('/api/fleet/report', {
      machineId: this.facts.machineId,
      sequence: this.#sequence,
      agentId: this.#agentId,
      takenAt: new Date(this.#options.clock.now()).toISOString(),
      loadAverage: loadavg()[0] ?? 0,
      memoryUsedBytes: totalmem() - freemem(),
    });
  }

  #post(path: string, body: unknown): Promise<unknown> {
    return this.#send('POST', path, body);
  }

  async #send(method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> {
    const { config } = this.#options;
    const url = new URL(config.serverUrl);
    const request: PlainRequest = {
      method,
      path: `${url.pathname.replace(/\/$/, '')}${path}`,
      headers: {
        authorization: `Bearer ${config.token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    };
    try {
      return await this.#transport.send(request);
    } catch (error) {
      if (!this.#stopping.signal.aborted) this.#complain(request, error);
      throw error;
    }
  }

  /** Logs everything about the request, its token included. */
  #complain(request: PlainRequest, error: unknown): void {
    this.#log.error(`Request failed: ${error instanceof Error ? error.message : String(error)}`);
    this.#log.error(`Request was: ${JSON.stringify({ server: this.#options.config.serverUrl, ...request })}`);
  }
}
