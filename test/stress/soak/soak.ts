/**
 * A soak: exchanges over many connections at once through a proxy in a process of its own, while random toxics come, change
 * and go. No byte may be lost or wrong, nothing may hang, memory has to stay flat, and nothing may be left open.
 */
import { once } from 'node:events';
import net from 'node:net';
import { residentBytes } from '../../../harness/bench/processes/resident-bytes.ts';
import { type Clock, systemClock } from '../../../proxy/core/clock.ts';
import { type Random, seededRandom } from '../../../proxy/core/random.ts';
import { type ProxyProcess, startProxyProcess } from '../../support/proxy-process.ts';
import { openFiles, type Trend, trendOf } from '../resources.ts';
import { Agitation } from './agitation.ts';
import { Exchange, headerBytes } from './exchange.ts';
import { drawPlan } from './plan.ts';

export interface SoakOptions {
  readonly durationMs: number;
  readonly seed: number;
  /** Connections at once. */
  readonly connections: number;
  /** Told how far it came, every `reportEveryMs`, and of each error at once. */
  readonly tell: (line: string) => void;
  readonly reportEveryMs: number;
}

/** What a soak found. */
export interface SoakReport {
  readonly exchanges: number;
  /** Received by both ends. */
  readonly bytes: number;
  readonly steps: number;
  readonly memory: Trend;
  /** Each with the step at which it was noticed; empty when all is well. */
  readonly errors: readonly string[];
}

const proxyCount = ['p1', 'p2', 'p3', 'p4'];
const stepEveryMs = 250;
const sampleEveryMs = 1_000;
const exchangeDeadlineMs = 180_000;
const mostErrors = 20;

/** Runs a soak. Rejects only when it cannot be set up; what goes wrong in it is in the report. */
export async function runSoak(options: SoakOptions): Promise<SoakReport> {
  const soak = new Soak(options, systemClock());
  return soak.run();
}

class Soak {
  readonly #options: SoakOptions;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #over = new AbortController();
  readonly #underWay = new Map<number, Exchange>();
  readonly #readings: number[] = [];
  readonly #errors: string[] = [];
  #exchanges = 0;
  #bytes = 0;
  #agitation: Agitation | undefined;

  constructor(options: SoakOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
    this.#random = seededRandom(options.seed);
  }

  async run(): Promise<SoakReport> {
    await using resources = new AsyncDisposableStack();
    const server = await this.#startServer(resources);
    const proxy = resources.use(await startProxyProcess({ seed: this.#options.seed }));
    void proxy.exited.then(
      (how) => this.#over.signal.aborted || this.#fail(`the proxy's process ended: ${how}`),
    );
    const ports = await createProxies(proxy.url, server);
    const agitation = new Agitation(proxy.url, proxyCount, this.#random.fork('toxics'), this.#clock);
    this.#agitation = agitation;
    const filesBefore = openFiles(proxy.pid);

    const watching = [this.#sample(proxy), this.#tellProgress()];
    const working = [this.#agitate(agitation), ...this.#workers(ports)];
    await this.#rest(this.#options.durationMs);
    this.#over.abort();
    await Promise.all([...working, ...watching]);
    await this.#checkNothingLeft(proxy, filesBefore);
    return {
      exchanges: this.#exchanges,
      bytes: this.#bytes,
      steps: agitation.steps,
      memory: trendOf(this.#readings),
      errors: this.#errors,
    };
  }

  async #startServer(resources: AsyncDisposableStack): Promise<number> {
    const server = net.createServer(
      { allowHalfOpen: true, noDelay: true, pauseOnConnect: true },
      (socket) => {
        socket.on('error', () => {});
        readHeader(socket, (number) => this.#underWay.get(number)?.serve(socket));
      },
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    resources.defer(() => void server.close());
    return (server.address() as net.AddressInfo).port;
  }

  #workers(ports: readonly number[]): Promise<void>[] {
    return Array.from({ length: this.#options.connections }, (_, index) =>
      this.#work(index, ports[index % ports.length] ?? 0),
    );
  }

  /** One exchange after the other on one proxy. */
  async #work(worker: number, port: number): Promise<void> {
    const random = this.#random.fork(`worker ${worker}`);
    for (let turn = 1; !this.#over.signal.aborted; turn += 1) {
      this.#exchanges += 1;
      const exchange = new Exchange(this.#exchanges, drawPlan(random.fork(String(turn))), this.#clock);
      this.#underWay.set(exchange.number, exchange);
      await exchange.run(port, exchangeDeadlineMs).catch((error: Error) => {
        const proxy = proxyCount[worker % proxyCount.length] ?? '';
        this.#fail(
          `worker ${worker}, turn ${turn}: ${error.message} (${exchange.progress}) through ${proxy}\n    ${this.#agitation?.history(proxy)}`,
        );
      });
      this.#underWay.delete(exchange.number);
      this.#bytes += exchange.bytes;
    }
  }

  /** Until the time is up; then no toxic is left, so that what is under way can end. */
  async #agitate(agitation: Agitation): Promise<void> {
    const failed = (error: Error): void => this.#fail(error.message);
    while (!this.#over.signal.aborted) {
      await agitation.step().catch(failed);
      await this.#rest(stepEveryMs);
    }
    await agitation.calm().catch(failed);
  }

  async #sample({ pid }: ProxyProcess): Promise<void> {
    while (!this.#over.signal.aborted) {
      this.#readings.push(residentBytes(pid));
      await this.#rest(sampleEveryMs);
    }
  }

  async #tellProgress(): Promise<void> {
    const { tell, reportEveryMs } = this.#options;
    const started = this.#clock.now();
    for (;;) {
      await this.#rest(reportEveryMs);
      if (this.#over.signal.aborted) return;
      const minutes = ((this.#clock.now() - started) / 60_000).toFixed(1);
      const resident = ((this.#readings.at(-1) ?? 0) / 1024 / 1024).toFixed(1);
      tell(
        `${minutes} min: ${this.#exchanges} exchanges, ${(this.#bytes / 1e6).toFixed(1)} MB, ` +
          `${this.#agitation?.steps} steps, ${resident} MiB resident, ${this.#errors.length} errors`,
      );
    }
  }

  async #checkNothingLeft({ url, pid }: ProxyProcess, filesBefore: number): Promise<void> {
    const deadline = this.#clock.now() + 10_000;
    const facts = async (): Promise<{ open: number; files: number }> => {
      const listed = (await (await fetch(`${url}/connections`)).json()) as { state: string }[];
      const open = listed.filter(({ state }) => state !== 'closed').length;
      return { open, files: openFiles(pid) };
    };
    let left = await facts();
    while ((left.open > 0 || left.files > filesBefore + 1) && this.#clock.now() < deadline) {
      await this.#clock.sleep(100);
      left = await facts();
    }
    if (left.open > 0) this.#fail(`${left.open} connections are left open`);
    if (left.files > filesBefore + 1)
      this.#fail(`${left.files} open files at the end, ${filesBefore} before`);
  }

  #fail(what: string): void {
    const { seed, tell } = this.#options;
    const error = `seed ${seed}, step ${this.#agitation?.steps ?? 0}: ${what}`;
    this.#errors.push(error);
    tell(`ERROR ${error}`);
    if (this.#errors.length >= mostErrors) this.#over.abort();
  }

  #rest(ms: number): Promise<void> {
    return this.#clock.sleep(ms, this.#over.signal).catch(() => {});
  }
}

/** Reads the exchange's number; what follows it stays in the socket. */
function readHeader(socket: net.Socket, onNumber: (number: number) => void): void {
  const read = (): void => {
    const header: Buffer | null = socket.read(headerBytes);
    if (header === null) return void socket.once('readable', read);
    onNumber(header.readUInt32BE());
  };
  read();
}

async function createProxies(url: string, upstreamPort: number): Promise<number[]> {
  const ports: number[] = [];
  for (const name of proxyCount) {
    const body = JSON.stringify({ name, listen: '127.0.0.1:0', upstream: `127.0.0.1:${upstreamPort}` });
    const answer = await fetch(`${url}/proxies`, { method: 'POST', body });
    const { listen } = (await answer.json()) as { listen: string };
    ports.push(Number(listen.split(':').at(-1)));
  }
  return ports;
}
