/**
 * One simulated agent. It registers, sends heartbeats and fleet reports, keeps reports until they are acknowledged, and makes
 * its connection again when that is lost.
 *
 *     connect ─► open ─► register ─► online ─► reports, heartbeats ─► lost ─► wait (policy) ─► connect
 */
import type { Clock } from 'shaketable-proxy/clock';
import type { Random } from 'shaketable-proxy/random';
import type { Link, LinkOwner } from './link.ts';
import { type FromServer, fleetReport, heartbeat, registration } from './messages.ts';
import type { ReconnectPolicy } from './reconnect.ts';
import type { Tally } from './tally.ts';
import type { TimerWheel, WheelTimer } from './timer-wheel.ts';

/** How often agents speak, and how long they are patient, ms. */
export interface AgentHabits {
  readonly reportEveryMs: number;
  /** When two of them in a row were not answered by the time of the third, the connection is dead. */
  readonly heartbeatEveryMs: number;
  /** Reports that wait for the server at most; the oldest gives way. */
  readonly keptReports: number;
}

/** What all agents of a fleet share. */
export interface AgentWorld {
  readonly clock: Clock;
  readonly random: Random;
  readonly wheel: TimerWheel;
  readonly tally: Tally;
  readonly habits: AgentHabits;
  /** May be another one from one wait to the next. */
  policy: ReconnectPolicy;
  /** No reports are made while it is set. */
  paused: boolean;
  openLink(owner: LinkOwner, agent: number): Link;
}

const mostOwedPongs = 2;

export class FleetAgent implements LinkOwner {
  readonly #number: number;
  readonly #world: AgentWorld;
  /** Whether it keeps the times of its reports: one of some does for all. */
  readonly #sampled: boolean;
  #link: Link | undefined;
  #deadline: WheelTimer | undefined;
  #online = false;
  #working = false;
  #failures = 0;
  #begunMs = 0;
  #lostMs: number | undefined;
  #owedPongs = 0;
  /** Number of the latest report, and of the latest one that does not wait any more. */
  #made = 0;
  #settled = 0;
  #sentMs = 0;

  constructor(number: number, world: AgentWorld, sampled: boolean) {
    this.#number = number;
    this.#world = world;
    this.#sampled = sampled;
  }

  /** Reports without an acknowledgement. */
  get waiting(): number {
    return this.#made - this.#settled;
  }

  /** Begins an attempt. */
  connect(): void {
    const { clock, wheel, tally, policy, openLink } = this.#world;
    this.#begunMs = clock.now();
    tally.attempted(this.#begunMs);
    const link = openLink(this, this.#number);
    this.#link = link;
    this.#deadline = wheel.after(policy.connectWithinMs, () => link.end('too late'));
  }

  onOpen(): void {
    this.#link?.send(registration(this.#number));
  }

  onText(text: string): void {
    const message = JSON.parse(text) as FromServer;
    if (message.type === 'ack') this.#acknowledged(message.id);
    else if (message.type === 'pong') this.#owedPongs = 0;
    else this.#registered();
  }

  onClose(code: string): void {
    const { clock, random, wheel, tally, policy } = this.#world;
    this.#link = undefined;
    this.#deadline?.cancel();
    if (this.#online) {
      this.#online = false;
      this.#lostMs = clock.now();
      tally.wentOffline(this.#lostMs, code);
    } else {
      this.#failures += 1;
      tally.failed(code);
    }
    wheel.after(policy.waitMs(this.#failures, random), () => this.connect());
  }

  #registered(): void {
    const { clock, tally } = this.#world;
    const now = clock.now();
    this.#deadline?.cancel();
    this.#deadline = undefined;
    this.#online = true;
    this.#failures = 0;
    this.#owedPongs = 0;
    tally.cameOnline(now, now - this.#begunMs, this.#lostMs);
    this.#lostMs = undefined;
    for (let id = this.#settled + 1; id <= this.#made; id += 1) this.#send(id);
    if (!this.#working) this.#beginWork();
  }

  #acknowledged(id: number): void {
    const { clock, tally } = this.#world;
    if (this.#sampled && id === this.#made) tally.reportTook(clock.now() - this.#sentMs);
    this.#settled = Math.max(this.#settled, id);
  }

  /** Each agent has its own place in the interval, as agents that were started one by one have. */
  #beginWork(): void {
    const { random, wheel, habits } = this.#world;
    this.#working = true;
    const repeat = (everyMs: number, work: () => void): void => {
      const round = (): void => {
        wheel.after(everyMs, round);
        work();
      };
      wheel.after(everyMs * random.next(), round);
    };
    repeat(habits.reportEveryMs, () => this.#report());
    repeat(habits.heartbeatEveryMs, () => this.#beat());
  }

  #report(): void {
    const { tally, habits, paused } = this.#world;
    if (paused) return;
    this.#made += 1;
    tally.made += 1;
    if (this.waiting > habits.keptReports) {
      this.#settled += 1;
      tally.dropped += 1;
    }
    if (this.#online) this.#send(this.#made);
  }

  #send(id: number): void {
    if (this.#sampled) this.#sentMs = this.#world.clock.now();
    this.#link?.send(fleetReport(this.#number, id));
  }

  #beat(): void {
    if (!this.#online) return;
    if (this.#owedPongs === mostOwedPongs) {
      this.#link?.end('no pong');
      return;
    }
    this.#owedPongs += 1;
    this.#link?.send(heartbeat(this.#number));
  }
}
