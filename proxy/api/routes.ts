/** The API's operations: path and method to what they do and answer. Toxiproxy's, and a few of our own beside them. */
import type { ServerResponse } from 'node:http';
import { ApiError, connectionForgotten, connectionNotFound } from '../core/api-error.ts';
import type { Broadcast } from '../core/broadcast.ts';
import type { Json } from '../core/json.ts';
import type { ConnectionTable } from '../engine/connection-table.ts';
import { assertAllComplete, assertComplete, type Registry } from '../engine/registry.ts';
import type { ToxicAccounts } from '../engine/toxic-account.ts';
import type { Metrics } from '../metrics/index.ts';
import {
  decodeCreation,
  decodeCreations,
  decodeProxyChange,
  decodeRightAttributes,
  decodeToxic,
  decodeToxicChange,
} from './decode.ts';
import {
  encodeJson,
  encodeProxies,
  knownToxicToJson,
  proxyToJson,
  toxicsToJson,
  toxicToJson,
} from './encode.ts';

/** Read by clients to tell which server they talk to; some parse it, and expect at least 2.6.0. */
export const toxiproxyVersion = '2.12.0-shaketable';

/** What an operation answers. */
export interface Answer {
  readonly status: number;
  readonly body?: string;
  readonly contentType?: string;
}

/** An answer that goes on; it writes its own head. */
type StreamedAnswer = (response: ServerResponse) => void;

/** What the API is about. */
export interface Served {
  readonly registry: Registry;
  readonly broadcast: Broadcast;
  readonly connections: ConnectionTable;
  readonly toxics: ToxicAccounts;
  /** Whether toxics that clients of Toxiproxy may not know are listed as one that they do. */
  readonly strictClients: boolean;
  readonly metrics: Metrics | undefined;
}

/** What an operation is given: names from the path, and the body, read only when asked for. */
export interface Call extends Served {
  readonly proxyName: string;
  readonly toxicName: string;
  readonly connectionId: string;
  body(): Promise<Json>;
  /** Streams the events from now on. */
  streamEvents(response: ServerResponse): void;
}

type Operation = (call: Call) => Answer | StreamedAnswer | Promise<Answer>;

interface Route {
  readonly path: RegExp;
  /** By method; `*` is any. */
  readonly methods: Readonly<Record<string, Operation>>;
}

const json = (status: number, value: unknown): Answer => ({ status, body: encodeJson(value) });
const done: Answer = { status: 204 };

const listProxies: Operation = ({ registry, strictClients }) => ({
  status: 200,
  body: encodeProxies(registry.all(), strictClients),
});

const createProxy: Operation = async ({ registry, strictClients, body }) => {
  const creation = decodeCreation(await body(), registry.quirks);
  assertComplete(creation);
  return json(201, proxyToJson(await registry.create(creation), strictClients));
};

const showProxy: Operation = ({ registry, strictClients, proxyName }) =>
  json(200, proxyToJson(registry.get(proxyName), strictClients));

/** Looks the names up before and after reading the body: a known name may be deleted meanwhile. */
const updateProxy: Operation = async ({ registry, strictClients, proxyName, body }) => {
  registry.get(proxyName);
  const change = decodeProxyChange(await body());
  const proxy = registry.get(proxyName);
  await registry.update(proxy, change);
  return json(200, proxyToJson(proxy, strictClients));
};

const deleteProxy: Operation = async ({ registry, proxyName }) => {
  await registry.remove(proxyName);
  return done;
};

const listToxics: Operation = ({ registry, strictClients, proxyName }) =>
  json(200, toxicsToJson(registry.get(proxyName), strictClients));

const createToxic: Operation = async ({ registry, proxyName, body }) => {
  registry.get(proxyName);
  const given = await body();
  const proxy = registry.get(proxyName);
  const taken = new Set(proxy.toxics.map(({ name }) => name));
  return json(200, toxicToJson(proxy.addToxic(decodeToxic(given, taken))));
};

const showToxic: Operation = ({ registry, strictClients, proxyName, toxicName }) => {
  const toxic = registry.get(proxyName).toxic(toxicName);
  return json(200, strictClients ? knownToxicToJson(toxic) : toxicToJson(toxic));
};

const updateToxic: Operation = async ({ registry, proxyName, toxicName, body }) => {
  registry.get(proxyName).toxic(toxicName);
  const given = await body();
  const proxy = registry.get(proxyName);
  const toxic = proxy.toxic(toxicName);
  try {
    proxy.updateToxic(toxic, decodeToxicChange(given, toxic));
  } catch (error) {
    if (registry.quirks.appliesPartly) proxy.updateToxic(toxic, decodeRightAttributes(given, toxic));
    throw error;
  }
  return json(200, toxicToJson(toxic));
};

const deleteToxic: Operation = ({ registry, proxyName, toxicName }) => {
  const proxy = registry.get(proxyName);
  proxy.removeToxic(proxy.toxic(toxicName));
  return done;
};

/** Errors here have a shape of their own: JSON that tells which proxies were done before. */
const populate: Operation = async ({ registry, strictClients, body }) => {
  try {
    const creations = decodeCreations(await body(), registry.quirks);
    assertAllComplete(creations);
    const { proxies, failures } = await registry.populate(creations);
    const error = failures[0]?.error;
    const answer = proxies.length > 0 ? proxies.map((proxy) => proxyToJson(proxy, strictClients)) : null;
    if (!error) return json(201, { proxies: answer });
    return json(error.status, { error: error.message, status: error.status, proxies: answer });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return json(error.status, { error: error.message, status: error.status, proxies: null });
  }
};

const reset: Operation = async ({ registry }) => {
  await registry.reset();
  return done;
};

const version: Operation = () => ({
  status: 200,
  body: `{"version": "${toxiproxyVersion}"}\n`,
  contentType: 'application/json;charset=utf-8',
});

const showAuthority: Operation = async ({ registry }) => ({
  status: 200,
  body: await registry.authorityPem(),
  contentType: 'application/x-pem-file',
});

const listConnections: Operation = ({ connections }) => json(200, connections.list());

const showConnection: Operation = ({ connections, connectionId }) => {
  const found = connections.find(connectionId);
  if (!found && connections.hasForgotten(connectionId)) throw connectionForgotten(connections.limit);
  if (!found) throw connectionNotFound();
  return json(200, found);
};

const listStrikes: Operation = ({ toxics }) => json(200, toxics.list());

const events: Operation = ({ streamEvents }) => streamEvents;

/** A path that is not there unless figures are kept. */
const showMetrics: Operation = ({ metrics }) => ({
  status: 200,
  body: metrics?.render() ?? '',
  contentType: 'text/plain; version=0.0.4; charset=utf-8',
});

const proxyPath = '/proxies/(?<proxy>[^/]+)';
const toxicPath = `${proxyPath}/toxics/(?<toxic>[^/]+)`;

const route = (path: string, methods: Route['methods']): Route => ({
  path: new RegExp(`^${path}$`, 's'),
  methods,
});

const routes: readonly Route[] = [
  route('/proxies', { GET: listProxies, POST: createProxy }),
  route(proxyPath, { GET: showProxy, POST: updateProxy, PATCH: updateProxy, DELETE: deleteProxy }),
  route(`${proxyPath}/toxics`, { GET: listToxics, POST: createToxic }),
  route(toxicPath, { GET: showToxic, POST: updateToxic, PATCH: updateToxic, DELETE: deleteToxic }),
  route('/populate', { POST: populate }),
  route('/reset', { POST: reset }),
  route('/version', { GET: version }),
  route('/certificates/ca.pem', { GET: showAuthority }),
  route('/connections', { GET: listConnections }),
  route('/connections/(?<connection>.+)', { GET: showConnection }),
  route('/strikes', { GET: listStrikes }),
  route('/events', { GET: events }),
];
const metricsRoute = route('/metrics', { '*': showMetrics });

/** An operation with the names its path held; `operation` is undefined when the path has no such method. */
export interface Match {
  readonly operation: Operation | undefined;
  readonly proxyName: string;
  readonly toxicName: string;
  readonly connectionId: string;
}

/** Finds the operation for a decoded path; undefined when there is no such path. */
export function findRoute(method: string, path: string, { metrics }: Served): Match | undefined {
  for (const { path: pattern, methods } of metrics ? [...routes, metricsRoute] : routes) {
    const found = pattern.exec(path);
    if (!found) continue;
    const { proxy = '', toxic = '', connection = '' } = found.groups ?? {};
    const operation = Object.hasOwn(methods, method) ? methods[method] : methods['*'];
    return { operation, proxyName: proxy, toxicName: toxic, connectionId: connection };
  }
  return undefined;
}
