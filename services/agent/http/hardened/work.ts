/**
 * What the agent does all day: heartbeats, polls for commands, fleet reports, health checks, each in a loop of its
 * own. A round that fails has been logged by the client, and the next one comes at its time.
 */
import { freemem, loadavg, totalmem } from 'node:os';
import type { Clock } from '../../../clock.ts';
import type { Random } from '../../../random.ts';
import type { Failure } from '../../shared/errors.ts';
import type { Log } from '../../shared/log.ts';
import { type ApiClient, OperationError } from '../api-client.ts';
import type { AgentConfig } from '../config.ts';
import type { HealthMonitor } from '../health-monitor.ts';
import {
  checkHealth,
  type FleetReport,
  fetchCommands,
  fetchConfig,
  type Operation,
  saysAgentNotFound,
  sendHeartbeat,
  sendReport,
} from '../operation.ts';
import { ReportQueue } from '../report-queue.ts';
import { runEvery } from '../run-every.ts';

/** What the work needs. */
export interface WorkParts {
  readonly config: AgentConfig;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly client: ApiClient;
  readonly monitor: HealthMonitor;
  readonly registration: Operation<string>;
  /** The id from the registration. */
  readonly agentId: string;
  /** Told when the server has given the agent another id. */
  readonly onAgentId: (agentId: string) => void;
}

/** First rounds are spread over this share of their interval, so that agents started together do not keep step. */
const firstRoundSpread = 0.1;

/** The agent's loops. */
export class Work {
  readonly #parts: WorkParts;
  /** Tells the reports of this start of the agent from those of an earlier one with the same numbers. */
  readonly #boot: string;
  #agentId: string;
  #registering: Promise<void> | undefined;
  #sequence = 0;

  constructor(parts: WorkParts) {
    this.#parts = parts;
    this.#agentId = parts.agentId;
    this.#boot = Math.floor(parts.random.fork('boot').next() * 2 ** 48).toString(36);
  }

  /** Fetches the configuration once, before the loops. Without an answer the agent keeps its own settings. */
  async prepare(signal: AbortSignal): Promise<void> {
    await this.#tolerate(async () => {
      const config = await this.#asAgent(fetchConfig, signal);
      this.#parts.log.debug('Configuration received', { config });
    }, signal);
    signal.throwIfAborted();
  }

  /** Runs the loops until `stopping` aborts; operations in progress then give up when `aborted` does. */
  async run(stopping: AbortSignal, aborted: AbortSignal): Promise<void> {
    const { heartbeat, commands, fleetReport, health } = this.#parts.config.intervalsMs;
    const reports = this.#createReports(aborted);
    let delivery = Promise.resolve();
    const report = (): void => {
      reports.add(this.#makeReport());
      delivery = this.#tolerate(() => reports.flush(), stopping);
    };
    await Promise.all([
      this.#loop('fleet_report', fleetReport, stopping, report),
      this.#loop('heartbeat', heartbeat, stopping, () => this.#asAgent(sendHeartbeat, aborted)),
      this.#loop('pending_commands', commands, stopping, () => this.#poll(aborted)),
      this.#loop('health_check', health, stopping, () => this.#checkHealth(aborted)),
    ]);
    await delivery;
  }

  async #loop(name: string, intervalMs: number, stopping: AbortSignal, round: () => unknown): Promise<void> {
    if (intervalMs === 0) return;
    const { clock, random } = this.#parts;
    const firstAfterMs = intervalMs * firstRoundSpread * random.fork(`first/${name}`).next();
    const rounds = { clock, intervalMs, firstAfterMs, signal: stopping };
    await runEvery(rounds, () => this.#tolerate(round, stopping));
  }

  /** Failed operations have been logged. Any other error is a bug in the agent: it is logged and stops no loop. */
  async #tolerate(round: () => unknown, stopping: AbortSignal): Promise<void> {
    try {
      await round();
    } catch (error) {
      if (error instanceof OperationError || stopping.aborted) return;
      this.#parts.log.error('Unexpected error in the agent', { err: error });
    }
  }

  async #poll(signal: AbortSignal): Promise<void> {
    const commands = await this.#asAgent(fetchCommands, signal);
    this.#parts.log.debug(`${commands.length} pending commands`);
  }

  /** The monitor draws its conclusions from the attempt; a database that does not answer counts as a failure too. */
  async #checkHealth(signal: AbortSignal): Promise<void> {
    const health = await this.#parts.client.call(
      checkHealth('health_check', { quiet: true, attempts: 1 }),
      signal,
    );
    if (health.database?.ok === false) this.#parts.monitor.failed('server_database');
    else this.#parts.monitor.succeeded('server_database', health.database?.latencyMs ?? 0);
  }

  #createReports(signal: AbortSignal): ReportQueue {
    const drop = (report: FleetReport, why: string): void =>
      this.#parts.log.error(`Fleet report ${report.sequence} is lost: ${why}`, {
        event: 'report_lost',
        sequence: report.sequence,
      });
    return new ReportQueue({
      deliver: (report) => this.#deliver(report, signal, drop),
      onDropped: (report) => drop(report, 'too many wait for the server'),
    });
  }

  /** A report that the server finds faulty will not get better, and must not hold up those behind it. */
  async #deliver(
    report: FleetReport,
    signal: AbortSignal,
    drop: (report: FleetReport, why: string) => void,
  ): Promise<void> {
    try {
      await this.#parts.client.call(sendReport(report), signal);
    } catch (error) {
      if (!(error instanceof OperationError && isRejected(error.failure))) throw error;
      drop(report, error.failure.message);
    }
  }

  #makeReport(): FleetReport {
    const { clock, config } = this.#parts;
    this.#sequence += 1;
    const machineId = config.logicalAgentId;
    return {
      machineId,
      sequence: this.#sequence,
      idempotencyKey: `${machineId}:${this.#boot}:${this.#sequence}`,
      payload: {
        agentId: this.#agentId,
        takenAt: new Date(clock.now()).toISOString(),
        loadAverage: loadavg()[0] ?? 0,
        memoryUsedBytes: totalmem() - freemem(),
      },
    };
  }

  /** Does something in the agent's name; if the server does not know the agent, registers and does it again (R2.5). */
  async #asAgent<Result>(make: (agentId: string) => Operation<Result>, signal: AbortSignal): Promise<Result> {
    const agentId = this.#agentId;
    try {
      return await this.#parts.client.call(make(agentId), signal);
    } catch (error) {
      if (!(error instanceof OperationError && saysAgentNotFound(error.cause))) throw error;
      await this.#registerAgain(agentId, error.failure, signal);
    }
    return await this.#parts.client.call({ ...make(this.#agentId), agentMayBeMissing: false }, signal);
  }

  /** Loops that miss the same agent share one registration; one that comes late finds it done. */
  async #registerAgain(lostId: string, failure: Failure, signal: AbortSignal): Promise<void> {
    if (this.#agentId !== lostId) return;
    this.#registering ??= this.#register(failure, signal).finally(() => {
      this.#registering = undefined;
    });
    await this.#registering;
  }

  async #register({ category, severity, code }: Failure, signal: AbortSignal): Promise<void> {
    const { client, registration, onAgentId, log } = this.#parts;
    const previousAgentId = this.#agentId;
    const agentId = await client.call(registration, signal);
    this.#agentId = agentId;
    onAgentId(agentId);
    log.warn(`Agent ${previousAgentId} was unknown to the server, registered again as ${agentId}`, {
      event: 'reregistered',
      agentId,
      previousAgentId,
      category,
      severity,
      code,
    });
  }
}

/** The server read the request and finds it faulty, as 400, 413 or 422 say. */
const isRejected = ({ category, status = 0 }: Failure): boolean =>
  category === 'protocol' && status >= 400 && status < 500;
