/**
 * The agent as it should be: checks its server before it starts, keeps one connection, bounds everything in time,
 * retries what may be retried, and leaves a log that says what matters. It only puts parts together; each part's
 * file says what it is for.
 */
import { setMaxListeners } from 'node:events';
import { setTimer } from '../../../deadline.ts';
import { dialTcp } from '../../shared/dial.ts';
import { classify } from '../../shared/errors.ts';
import { createLog, type Log, type LogSink } from '../../shared/log.ts';
import { LogThrottle } from '../../shared/log-throttle.ts';
import { createRedactor } from '../../shared/redact.ts';
import { cappedRetry, quickRetry } from '../../shared/retry.ts';
import type { Agent, AgentFacts, AgentOptions } from '../agent.ts';
import { ApiClient, OperationError } from '../api-client.ts';
import { Authentication } from '../authentication.ts';
import { HealthMonitor, type HealthSummary } from '../health-monitor.ts';
import { createSendOnce } from '../http.ts';
import { openLogFile } from '../log-file.ts';
import { registerAgent } from '../operation.ts';
import { OperationLog } from '../operation-log.ts';
import { ConnectionPool } from '../pool.ts';
import { createProbe } from '../probe.ts';
import { AgentStartError } from '../start-error.ts';
import { checkServer } from './start-up-check.ts';
import { Work } from './work.ts';

/** The hardened agent also knows how its connection fares. */
export interface HardenedAgent extends Agent {
  health(): HealthSummary;
}

/** Milliseconds that requests in progress get to end when the agent stops. */
const stopGraceMs = 2_000;

/** Puts a hardened agent together. Nothing is opened before `start`, but for the log. */
export function createHardenedAgent(options: AgentOptions): HardenedAgent {
  return new Hardened(options);
}

class Hardened implements HardenedAgent {
  readonly #options: AgentOptions;
  readonly #resources = new AsyncDisposableStack();
  /** No new work from here on. */
  readonly #stopping = new AbortController();
  /** Requests in progress give up as well. */
  readonly #aborted = new AbortController();
  readonly #log: Log;
  readonly #monitor: HealthMonitor;
  readonly #client: ApiClient;
  #agentId: string | undefined;
  #running: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;

  constructor(options: AgentOptions) {
    this.#options = options;
    setMaxListeners(0, this.#stopping.signal, this.#aborted.signal);
    const { config, clock } = options;
    const sink = 'file' in options.log ? this.#openFile(options.log.file) : streamSink(options.log);
    const { level } = config.log;
    this.#log = createLog({ clock, sink, level, redactor: createRedactor([config.token]) });
    const { attempts } = config.retry;
    this.#monitor = new HealthMonitor(this.#log, {
      degradedAfterFailures: Math.max(1, attempts - 1),
      failingAfterFailures: Math.max(2, attempts),
      slowMs: config.timeoutsMs.request / 6,
      healthyAfterSuccesses: 3,
    });
    this.#client = this.#createApiClient();
  }

  get facts(): AgentFacts {
    const machineId = this.#options.config.logicalAgentId;
    return { machineId, ...(this.#agentId !== undefined && { agentId: this.#agentId }) };
  }

  health(): HealthSummary {
    return this.#monitor.summary();
  }

  async start(): Promise<void> {
    try {
      await this.#begin();
    } catch (error) {
      const isWanted = this.#stopping.signal.aborted;
      await this.stop();
      if (!isWanted) throw startError(error);
    }
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#end();
    return this.#stopped;
  }

  async #begin(): Promise<void> {
    const { config, clock, random } = this.#options;
    const { serverUrl, token, logicalAgentId, instanceId, region, environment } = config;
    const client = this.#client;
    await checkServer({ log: this.#log, client, serverUrl, token }, this.#stopping.signal);
    const registration = registerAgent({ logicalAgentId, instanceId, region });
    this.#agentId = await client.call(registration, this.#stopping.signal);
    const work = new Work({
      ...{ config, clock, random, client, registration },
      log: this.#log,
      monitor: this.#monitor,
      agentId: this.#agentId,
      onAgentId: (agentId) => {
        this.#agentId = agentId;
      },
    });
    await work.prepare(this.#stopping.signal);
    this.#log.info('Agent started', { event: 'agent_started', ...this.facts, region, environment });
    this.#running = work.run(this.#stopping.signal, this.#aborted.signal);
  }

  /** Requests in progress get a grace period, then they are aborted. Everything is released. */
  async #end(): Promise<void> {
    const { clock } = this.#options;
    this.#stopping.abort(new Error('The agent is stopping'));
    const endGrace = setTimer(clock, stopGraceMs, () => this.#aborted.abort(this.#stopping.signal.reason));
    await this.#running;
    endGrace();
    if (this.#running) this.#log.info('Agent stopped', { event: 'agent_stopped', ...this.facts });
    await this.#resources.disposeAsync();
  }

  #openFile(file: string): LogSink {
    return this.#resources.use(openLogFile({ ...this.#options.config.log, file }));
  }

  #createApiClient(): ApiClient {
    const { config, clock, random, dial = dialTcp } = this.#options;
    const { timeoutsMs, retry, intervalsMs, token } = config;
    const log = this.#log;
    const url = new URL(config.serverUrl);
    const server = { url, ca: config.ca };
    const pool = this.#resources.use(new ConnectionPool({ server, dial, clock }));
    const throttle = this.#resources.use(new LogThrottle(log, clock));
    const authentication = new Authentication(log, clock, token, confirmAfterMs(intervalsMs));
    this.#resources.use(authentication);
    const policy = { ...(retry.policy === 'capped' ? cappedRetry : quickRetry), attempts: retry.attempts };
    return new ApiClient({
      sendOnce: createSendOnce({ pool, clock, deadlines: deadlinesOf(timeoutsMs) }),
      ...{ policy, clock, token, authentication },
      random: random.fork('retry'),
      serverUrl: url,
      records: new OperationLog(log, throttle, url),
      monitor: this.#monitor,
      probe: createProbe({ server, dial, clock, limitMs: timeoutsMs.connect }),
    });
  }
}

function startError(thrown: unknown): AgentStartError {
  const failure = thrown instanceof OperationError ? thrown.failure : classify(thrown);
  return new AgentStartError(failure, thrown);
}

const streamSink = (stream: NodeJS.WritableStream): LogSink => ({ write: (line) => stream.write(line) });

const longestBodyMs = 10_000;

function deadlinesOf({ request, connect }: AgentOptions['config']['timeoutsMs']) {
  const bodyMs = Math.min(request, longestBodyMs);
  return { connectMs: connect, tlsMs: connect, waitMs: request, bodyMs, totalMs: request };
}

/** Half the shortest interval: requests of one cycle lie closer together, those of two cycles do not. */
function confirmAfterMs(intervals: AgentOptions['config']['intervalsMs']): number {
  const active = [intervals.heartbeat, intervals.commands, intervals.fleetReport].filter((ms) => ms > 0);
  return Math.min(...active, 60_000) / 2;
}
