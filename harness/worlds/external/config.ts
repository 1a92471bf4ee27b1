/**
 * The file that tells the lab of a server that somebody else runs: JSON, paths relative to the file.
 *
 *     {
 *       "server": "https://127.0.0.1:5443",
 *       "caFile": "ca.pem",
 *       "token": "…",
 *       "log": ["docker", "compose", "logs", "--follow", "--since", "{since}", "--no-log-prefix", "server"],
 *       "database": { "host": "127.0.0.1", "port": 3306, "user": "root", "password": "…", "schema": "spot_optimizer" },
 *       "links": { "server→mysql": { "api": "http://127.0.0.1:8474", "proxy": "server→mysql" } }
 *     }
 */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { DatabaseFacts } from '../../databases/index.ts';
import { fileError, LabError } from '../../errors.ts';

/** What the lab knows of such a server; JSON. */
export interface ExternalConfig {
  /** The file itself; commands run in its folder. */
  readonly file: string;
  /** Where it listens. Its certificate has to be for the name that scenarios know it by. */
  readonly server: { readonly host: string; readonly port: number };
  /** The authority that its certificate is from. */
  readonly caPem: string;
  /** The token of an active client; without it, one is entered into the database. */
  readonly token?: string;
  /** A command whose output is the server's log from `{since}` on, a time as ISO 8601. */
  readonly log?: readonly string[];
  /** An administrator's access to its database, and the server's schema there. */
  readonly database?: DatabaseFacts & { readonly schema: string };
  /** Links that are proxies already: the API that they are driven by, and their name there. */
  readonly links?: Readonly<Record<string, { readonly api: string; readonly proxy: string }>>;
}

/** Reads and checks the file. @throws LabError `LAB_BAD_INPUT` that names what is wrong */
export async function readExternalConfig(path: string): Promise<ExternalConfig> {
  const file = resolve(path);
  const json = parse(await readText(file), file);
  const beside = (name: string): Promise<string> => readText(resolve(dirname(file), name));
  const url = URL.parse(text(json, 'server', file) ?? '');
  if (url?.protocol !== 'https:') throw wrong(file, '"server" has to be an URL that begins with https://');
  const caFile = text(json, 'caFile', file);
  if (caFile === undefined) throw wrong(file, '"caFile" has to name the PEM file of the authority');
  const caPem = await beside(caFile);
  const { token, log, links, database } = json as Partial<ExternalConfig> & { database?: GivenDatabase };
  if (log !== undefined && !(Array.isArray(log) && log.every((part) => typeof part === 'string')))
    throw wrong(file, '"log" has to be a command as a list of words');
  return {
    file,
    server: { host: url.hostname, port: Number(url.port || 443) },
    caPem,
    ...(token === undefined ? {} : { token }),
    ...(log === undefined ? {} : { log }),
    ...(links === undefined ? {} : { links }),
    ...(database === undefined ? {} : { database: databaseFacts(database, caPem, file) }),
  };
}

/** As the file has it. */
interface GivenDatabase {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly schema: string;
}

function databaseFacts(
  given: GivenDatabase,
  caPem: string,
  file: string,
): NonNullable<ExternalConfig['database']> {
  const { host, port, user: rootUser, password: rootPassword, schema } = given;
  for (const [name, value] of Object.entries({ host, port, user: rootUser, password: rootPassword, schema }))
    if (value === undefined) throw wrong(file, `"database" lacks "${name}"`);
  // Which it is, and its version, the server says itself when it is connected to.
  return { flavour: 'mysql', version: '', host, port, rootUser, rootPassword, caFile: '', caPem, schema };
}

function parse(content: string, file: string): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(content);
    if (typeof json === 'object' && json !== null && !Array.isArray(json))
      return json as Record<string, unknown>;
  } catch (cause) {
    throw wrong(file, (cause as Error).message);
  }
  throw wrong(file, 'it has to be a JSON object');
}

function text(json: Record<string, unknown>, name: string, file: string): string | undefined {
  const value = json[name];
  if (value === undefined || typeof value === 'string') return value;
  throw wrong(file, `"${name}" has to be a text`);
}

function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw fileError(cause, path, 'give another file');
  });
}

function wrong(file: string, what: string): LabError {
  return new LabError('LAB_BAD_INPUT', `${file}: ${what}`, {
    hint: 'docs/worlds.md has an example of such a file.',
  });
}
