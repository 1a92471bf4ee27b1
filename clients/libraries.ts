/** The client libraries of the table, each with where its version is pinned. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConnectionKind } from '../harness/adapter/protocol.ts';
import type { Runtime } from './runtimes.ts';

/** A library, and the subject files `subjects/ID-default.json` and `subjects/ID-documented.json`. */
export interface Library {
  readonly id: string;
  readonly title: string;
  readonly kind: ConnectionKind;
  /** What sends with it, with both settings. */
  readonly program: string;
  readonly runtime: Runtime;
  /** Its name where the version is pinned; without one it comes with its runtime. */
  readonly pinnedAs?: string;
}

export const libraries: readonly Library[] = [
  {
    id: 'axios',
    title: 'axios',
    kind: 'http',
    program: 'node/axios.mjs',
    runtime: 'node',
    pinnedAs: 'axios',
  },
  { id: 'fetch', title: '`fetch` of Node', kind: 'http', program: 'node/fetch.mjs', runtime: 'node' },
  { id: 'got', title: 'got', kind: 'http', program: 'node/got.mjs', runtime: 'node', pinnedAs: 'got' },
  {
    id: 'undici',
    title: 'undici',
    kind: 'http',
    program: 'node/undici.mjs',
    runtime: 'node',
    pinnedAs: 'undici',
  },
  {
    id: 'aiohttp',
    title: 'aiohttp',
    kind: 'http',
    program: 'python/report_aiohttp.py',
    runtime: 'python',
    pinnedAs: 'aiohttp',
  },
  {
    id: 'httpx',
    title: 'httpx',
    kind: 'http',
    program: 'python/report_httpx.py',
    runtime: 'python',
    pinnedAs: 'httpx',
  },
  {
    id: 'requests',
    title: 'requests',
    kind: 'http',
    program: 'python/report_requests.py',
    runtime: 'python',
    pinnedAs: 'requests',
  },
  { id: 'go', title: 'Go `net/http`', kind: 'http', program: 'go/main.go', runtime: 'go' },
  {
    id: 'java',
    title: 'Java `HttpClient`',
    kind: 'http',
    program: 'java/ReportHttpClient.java',
    runtime: 'java',
  },
  {
    id: 'okhttp',
    title: 'OkHttp',
    kind: 'http',
    program: 'java/ReportOkHttp.java',
    runtime: 'java',
    pinnedAs: 'okhttp-jvm',
  },
  {
    id: 'reqwest',
    title: 'reqwest',
    kind: 'http',
    program: 'rust/src/main.rs',
    runtime: 'rust',
    pinnedAs: 'reqwest',
  },
  { id: 'ws', title: 'ws', kind: 'websocket', program: 'node/ws.mjs', runtime: 'node', pinnedAs: 'ws' },
  {
    id: 'websockets',
    title: 'websockets',
    kind: 'websocket',
    program: 'python/websockets_adapter.py',
    runtime: 'python',
    pinnedAs: 'websockets',
  },
  {
    id: 'mariadb',
    title: 'mariadb',
    kind: 'database',
    program: 'node/mariadb.mjs',
    runtime: 'node',
    pinnedAs: 'mariadb',
  },
  {
    id: 'mysql2',
    title: 'mysql2',
    kind: 'database',
    program: 'node/mysql2.mjs',
    runtime: 'node',
    pinnedAs: 'mysql2',
  },
  {
    id: 'pymysql',
    title: 'PyMySQL',
    kind: 'database',
    program: 'python/pymysql_adapter.py',
    runtime: 'python',
    pinnedAs: 'PyMySQL',
  },
];

/** Where the versions of a runtime's libraries stand, and how. */
const pins: Readonly<Record<Runtime, { readonly file: string; expression(name: string): RegExp }>> = {
  node: { file: '../package.json', expression: (name) => new RegExp(`"${name}": "([\\d.]+)"`) },
  go: { file: 'go/go.mod', expression: (name) => new RegExp(`${name} v(\\S+)`) },
  java: {
    file: 'java/pom.xml',
    expression: (name) => new RegExp(`<artifactId>${name}</artifactId>\\s*<version>(.+?)</version>`),
  },
  rust: { file: 'rust/Cargo.toml', expression: (name) => new RegExp(`^${name} = .*"=([\\d.]+)"`, 'm') },
  python: {
    file: '../test/support/requirements.txt',
    expression: (name) => new RegExp(`^${name}==(\\S+)$`, 'm'),
  },
};

/** What it is called in the table: the library with its version, or with that of the runtime that it comes with. */
export async function titleOf(
  { title, runtime, pinnedAs }: Library,
  runtimeVersion: string,
): Promise<string> {
  if (pinnedAs === undefined) return `${title} ${runtimeVersion}`;
  const { file, expression } = pins[runtime];
  const version = expression(pinnedAs).exec(await readFile(join(import.meta.dirname, file), 'utf8'))?.[1];
  if (version === undefined) throw new Error(`${file} pins no version of ${pinnedAs}`);
  return `${title} ${version}`;
}
