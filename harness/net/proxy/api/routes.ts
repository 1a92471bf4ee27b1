/** The API's operations: path and method to what they do and answer. Toxiproxy's, and `GET /connections` beside them. */
import { assertComplete, type Registry } from '../registry.ts';
import {
  decodeCreation,
  decodeCreations,
  decodeProxyChange,
  decodeToxic,
  decodeToxicChange,
} from './decode.ts';
import { encodeJson, encodeProxies, proxyToJson, toxicToJson } from './encode.ts';
import { ApiError } from './errors.ts';
import type { Json } from './json.ts';

/** What an operation answers. */
export interface Answer {
  readonly status: number;
  readonly body?: string;
  readonly contentType?: string;
}

/** What an operation is given: names from the path, and the body, read only when asked for. */
export interface Call {
  readonly registry: Registry;
  readonly proxyName: string;
  readonly toxicName: string;
  body(): Promise<Json>;
}

type Operation = (call: Call) => Answer | Promise<Answer>;

interface Route {
  readonly path: RegExp;
  readonly methods: Readonly<Record<string, Operation>>;
}

/** Read by clients to tell which server they talk to. */
const VERSION = '2.12.0-shaketable';

const json = (status: number, value: unknown): Answer => ({ status, body: encodeJson(value) });
const done: Answer = { status: 204 };

const listProxies: Operation = ({ registry }) => ({ status: 200, body: encodeProxies(registry.all()) });

const createProxy: Operation = async ({ registry, body }) => {
  const creation = decodeCreation(await body());
  assertComplete(creation);
  return json(201, proxyToJson(await registry.create(creation)));
};

const showProxy: Operation = ({ registry, proxyName }) => json(200, proxyToJson(registry.get(proxyName)));

const updateProxy: Operation = async ({ registry, proxyName, body }) => {
  const proxy = registry.get(proxyName);
  await registry.update(proxy, decodeProxyChange(await body()));
  return json(200, proxyToJson(proxy));
};

const deleteProxy: Operation = async ({ registry, proxyName }) => {
  await registry.remove(proxyName);
  return done;
};

const listToxics: Operation = ({ registry, proxyName }) =>
  json(200, registry.get(proxyName).toxics.map(toxicToJson));

const createToxic: Operation = async ({ registry, proxyName, body }) => {
  const proxy = registry.get(proxyName);
  const taken = proxy.toxics.map(({ name }) => name);
  return json(200, toxicToJson(proxy.addToxic(decodeToxic(await body(), taken))));
};

const showToxic: Operation = ({ registry, proxyName, toxicName }) =>
  json(200, toxicToJson(registry.get(proxyName).toxic(toxicName)));

const updateToxic: Operation = async ({ registry, proxyName, toxicName, body }) => {
  const proxy = registry.get(proxyName);
  const toxic = proxy.toxic(toxicName);
  proxy.updateToxic(toxic, decodeToxicChange(await body(), toxic));
  return json(200, toxicToJson(toxic));
};

const deleteToxic: Operation = ({ registry, proxyName, toxicName }) => {
  const proxy = registry.get(proxyName);
  proxy.removeToxic(proxy.toxic(toxicName));
  return done;
};

/** Errors here have a shape of their own: JSON that tells which proxies were done before. */
const populate: Operation = async ({ registry, body }) => {
  try {
    const creations = decodeCreations(await body());
    for (const [index, creation] of creations.entries()) assertComplete(creation, ` at proxy ${index + 1}`);
    const { proxies, error } = await registry.populate(creations);
    const answer = proxies.length > 0 ? proxies.map(proxyToJson) : null;
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
  body: `{"version": "${VERSION}"}\n`,
  contentType: 'application/json;charset=utf-8',
});

const listConnections: Operation = ({ registry }) =>
  json(
    200,
    registry.all().flatMap((proxy) => proxy.connections().map((facts) => ({ proxy: proxy.name, ...facts }))),
  );

const PROXY = '/proxies/(?<proxy>[^/]+)';
const TOXIC = `${PROXY}/toxics/(?<toxic>[^/]+)`;

const route = (path: string, methods: Route['methods']): Route => ({
  path: new RegExp(`^${path}$`, 's'),
  methods,
});

const routes: readonly Route[] = [
  route('/proxies', { GET: listProxies, POST: createProxy }),
  route(PROXY, { GET: showProxy, POST: updateProxy, PATCH: updateProxy, DELETE: deleteProxy }),
  route(`${PROXY}/toxics`, { GET: listToxics, POST: createToxic }),
  route(TOXIC, { GET: showToxic, POST: updateToxic, PATCH: updateToxic, DELETE: deleteToxic }),
  route('/populate', { POST: populate }),
  route('/reset', { POST: reset }),
  route('/version', { GET: version }),
  route('/connections', { GET: listConnections }),
];

/** An operation with the names its path held; `operation` is undefined when the path has no such method. */
export interface Match {
  readonly operation: Operation | undefined;
  readonly proxyName: string;
  readonly toxicName: string;
}

/** Finds the operation for a decoded path; undefined when there is no such path. */
export function findRoute(method: string, path: string): Match | undefined {
  for (const { path: pattern, methods } of routes) {
    const found = pattern.exec(path);
    if (!found) continue;
    const { proxy = '', toxic = '' } = found.groups ?? {};
    const operation = Object.hasOwn(methods, method) ? methods[method] : undefined;
    return { operation, proxyName: proxy, toxicName: toxic };
  }
  return undefined;
}
