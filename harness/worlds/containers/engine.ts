/**
 * The Docker engine, asked over its own HTTP API: whether it answers, what images it has, what of the lab's is there. It
 * takes milliseconds, where loading a client library takes a third of a second, and most runs only have to ask.
 */
import { request } from 'node:http';
import { hostname } from 'node:os';
import { text } from 'node:stream/consumers';
import { LabError } from '../../errors.ts';

const answerMs = 5_000;

/** Where the engine listens: `DOCKER_HOST`, or the usual socket. */
export interface EngineAddress {
  /** As `DOCKER_HOST` writes it. */
  readonly name: string;
  readonly options: { readonly socketPath: string } | { readonly host: string; readonly port: number };
}

/** What the engine answered. */
interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Where the engine of this user should be; undefined for addresses that take more than plain HTTP. */
export function engineAddress(env: NodeJS.ProcessEnv = process.env): EngineAddress | undefined {
  const name = env.DOCKER_HOST || 'unix:///var/run/docker.sock';
  const url = URL.parse(name);
  if (url?.protocol === 'unix:') return { name, options: { socketPath: url.pathname } };
  if (url?.protocol === 'tcp:' && !env.DOCKER_TLS_VERIFY)
    return { name, options: { host: url.hostname, port: Number(url.port || 2375) } };
  return undefined;
}

/** One engine, by its address. Methods reject with the system's error where it does not answer. */
export class Engine {
  readonly #address: EngineAddress;

  constructor(address: EngineAddress) {
    this.#address = address;
  }

  /** The engine's version. */
  async version(timeoutMs?: number): Promise<string> {
    const { Version } = await this.#get<{ Version: string }>('/version', timeoutMs);
    return Version;
  }

  /** Why its containers cannot be spoken to at their addresses from here; undefined where nothing speaks against it. */
  async distance(): Promise<string | undefined> {
    const { Name, OperatingSystem, SecurityOptions } = await this.#get<{
      Name: string;
      OperatingSystem: string;
      SecurityOptions: string[] | null;
    }>('/info');
    if (OperatingSystem.includes('Docker Desktop'))
      return 'it is Docker Desktop, which runs them in a virtual machine';
    if (SecurityOptions?.some((option) => option.includes('rootless'))) return 'it is rootless';
    if (Name !== hostname()) return `it is on another machine (${Name}), or the lab is in a container itself`;
    return undefined;
  }

  /** The id of an image, or undefined when it is not there. */
  async imageId(name: string): Promise<string | undefined> {
    const { status, body } = await this.#ask('GET', `/images/${name}/json`);
    return status === 200 ? (JSON.parse(body) as { Id: string }).Id : undefined;
  }

  /** Whether the image's registry can be asked for it. */
  async canPull(name: string, timeoutMs: number): Promise<boolean> {
    const { status } = await this.#ask('GET', `/distribution/${name}/json`, timeoutMs).catch(() => ({
      status: 0,
    }));
    return status === 200;
  }

  /** The containers with a label, running or not. */
  async containers(label: string): Promise<{ id: string; labels: Record<string, string>; name: string }[]> {
    const found = await this.#get<{ Id: string; Labels: Record<string, string>; Names: string[] }[]>(
      `/containers/json?all=true&filters=${byLabel(label)}`,
    );
    return found.map(({ Id: id, Labels: labels, Names }) => ({
      id,
      labels,
      name: Names[0]?.slice(1) ?? id.slice(0, 12),
    }));
  }

  async networks(label: string): Promise<{ id: string; labels: Record<string, string>; name: string }[]> {
    const found = await this.#get<{ Id: string; Labels: Record<string, string>; Name: string }[]>(
      `/networks?filters=${byLabel(label)}`,
    );
    return found.map(({ Id: id, Labels: labels, Name: name }) => ({ id, labels, name }));
  }

  async volumes(label: string): Promise<{ id: string; labels: Record<string, string>; name: string }[]> {
    const { Volumes } = await this.#get<{
      Volumes: { Name: string; Labels: Record<string, string> }[] | null;
    }>(`/volumes?filters=${byLabel(label)}`);
    return (Volumes ?? []).map(({ Name: name, Labels: labels }) => ({ id: name, labels, name }));
  }

  async createNetwork(name: string, labels: Readonly<Record<string, string>>): Promise<void> {
    const body = { Name: name, CheckDuplicate: true, Driver: 'bridge', Labels: labels };
    await this.#do('POST', '/networks/create', [201], body);
  }

  /** `options` are those of the engine's own volume driver: another kind of file system, a size. */
  async createVolume(
    name: string,
    labels: Readonly<Record<string, string>>,
    options: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const body = { Name: name, Labels: labels, Driver: 'local', DriverOpts: options };
    await this.#do('POST', '/volumes/create', [201], body);
  }

  /** Kills a container and removes it with its anonymous volumes. */
  removeContainer(id: string): Promise<void> {
    return this.#remove(`/containers/${id}?force=true&v=true`);
  }

  removeNetwork(id: string): Promise<void> {
    return this.#remove(`/networks/${id}`);
  }

  removeVolume(id: string): Promise<void> {
    return this.#remove(`/volumes/${id}?force=true`);
  }

  /** Stops what runs in a container: SIGTERM, and SIGKILL after `graceSeconds`. */
  async stop(id: string, graceSeconds: number): Promise<void> {
    await this.#do('POST', `/containers/${id}/stop?t=${graceSeconds}`, [204, 304]);
  }

  /** Sends a signal to the first process of a container. */
  async signal(id: string, signal: NodeJS.Signals): Promise<void> {
    await this.#do('POST', `/containers/${id}/kill?signal=${signal}`, [204]);
  }

  /** Stops every process in a container where it stands. */
  async pause(id: string): Promise<void> {
    await this.#do('POST', `/containers/${id}/pause`, [204]);
  }

  async unpause(id: string): Promise<void> {
    await this.#do('POST', `/containers/${id}/unpause`, [204]);
  }

  /** The address of a container in a network. */
  async addressOf(id: string, network: string): Promise<string> {
    const { NetworkSettings } = await this.#get<{
      NetworkSettings: { Networks: Record<string, { IPAddress: string }> };
    }>(`/containers/${id}/json`);
    return NetworkSettings.Networks[network]?.IPAddress ?? '';
  }

  /** Something else may have removed it first. */
  async #remove(path: string): Promise<void> {
    await this.#do('DELETE', path, [204, 404]);
  }

  async #do(method: string, path: string, fine: readonly number[], json?: object): Promise<void> {
    const { status, body } = await this.#ask(method, path, graceMs, json);
    if (!fine.includes(status)) throw new Error(`${method} ${path}: ${status} ${body.trim()}`);
  }

  async #get<T>(path: string, timeoutMs?: number): Promise<T> {
    const { status, body } = await this.#ask('GET', path, timeoutMs);
    if (status !== 200) throw new Error(`GET ${path}: ${status} ${body.trim()}`);
    return JSON.parse(body) as T;
  }

  #ask(method: string, path: string, timeoutMs = answerMs, json?: object): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const signal = AbortSignal.timeout(timeoutMs);
    const headers = json === undefined ? {} : { 'Content-Type': 'application/json' };
    request({ ...this.#address.options, method, path, headers, signal, agent: false }, (response) =>
      text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject),
    )
      .on('error', reject)
      .end(json === undefined ? undefined : JSON.stringify(json));
    return promise;
  }
}

/** What takes its time by intention: stopping a program that says goodbye. */
const graceMs = 60_000;

function byLabel(label: string): string {
  return encodeURIComponent(JSON.stringify({ label: [label] }));
}

/** The engine of this user if it answers in time, or why there is none. */
export async function findEngine(
  timeoutMs?: number,
): Promise<{ engine: Engine; version: string } | { reason: string }> {
  const address = engineAddress();
  if (address === undefined)
    return { reason: `DOCKER_HOST is ${process.env.DOCKER_HOST}, which is not plain HTTP` };
  const engine = new Engine(address);
  try {
    return { engine, version: await engine.version(timeoutMs) };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return { reason: `no Docker engine answers at ${address.name} (${code ?? message})` };
  }
}

/** The engine that the run was started with. */
export function needEngine(): Engine {
  const address = engineAddress();
  if (address !== undefined) return new Engine(address);
  throw new LabError('LAB_INTERNAL', 'The address of the Docker engine changed within a run');
}
