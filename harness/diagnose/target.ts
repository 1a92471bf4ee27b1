/** What is diagnosed, checked before anything is asked. No message has a token or a password in it. */
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { getCACertificates } from 'node:tls';
import { fileError, LabError } from '../errors.ts';

/** As the command line has it. */
export interface TargetOptions {
  readonly url: string;
  readonly token?: string | undefined;
  readonly tokenFile?: string | undefined;
  readonly tokenHeader?: string | undefined;
  readonly agent?: string | undefined;
  readonly db?: string | undefined;
  readonly dbCa?: string | undefined;
  readonly ca?: string | undefined;
  readonly health?: string | undefined;
  readonly tokenPath?: string | undefined;
  readonly agentPath?: string | undefined;
  /** Seconds. */
  readonly fresh?: number | undefined;
}

export interface Target {
  /** `https://host:8443`, with the path that all others are below, if any. */
  readonly shown: string;
  readonly secure: boolean;
  /** Name or address, without brackets: what the certificate has to be for. */
  readonly hostname: string;
  readonly port: number;
  /** The Host header. */
  readonly host: string;
  readonly health: Page;
  readonly token: Token | undefined;
  readonly agent: { readonly name: string; readonly page: Page } | undefined;
  readonly database: DatabaseTarget | undefined;
  /** Authorities to trust, PEM. */
  readonly ca: readonly string[];
  /** Whether they are those that the user named. */
  readonly ownCa: boolean;
  /** A heartbeat that is older is stale, ms; undefined leaves it to the server. */
  readonly freshMs: number | undefined;
}

/** A path of the server; `given` says that the user named it. */
export interface Page {
  readonly path: string;
  readonly given: boolean;
}

export interface Token {
  readonly value: string;
  readonly header: string;
  readonly page: Page;
}

export interface DatabaseTarget {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly schema: string;
  readonly ca: string | undefined;
}

/** The paths of the reference server; others are named by options. */
const usual = Object.freeze({
  health: '/health',
  token: '/api/fleet/machines',
  agent: '/api/agents/{agent}',
});

/** @throws LabError `LAB_BAD_INPUT` for what makes no sense, or as `fileError` for a file that cannot be read */
export function readTarget(options: TargetOptions): Target {
  const url = readUrl(options.url);
  const base = url.pathname.replace(/\/$/, '');
  const page = (option: string, given: string | undefined, fallback: string): Page => ({
    path: base + readPath(option, given ?? fallback),
    given: given !== undefined,
  });
  const secure = url.protocol === 'https:';
  const token = readToken(options);
  if (token === undefined && options.agent !== undefined)
    throw wrong(
      '--agent needs a token',
      'Give --token-file, --token or SHAKETABLE_TOKEN: a server tells nobody else of its agents.',
    );
  return {
    shown: url.origin + base,
    secure,
    hostname: url.hostname.replaceAll(/[[\]]/g, ''),
    port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
    host: url.host,
    health: page('--health', options.health, usual.health),
    token:
      token === undefined
        ? undefined
        : {
            value: token,
            header: options.tokenHeader ?? 'Authorization',
            page: page('--token-path', options.tokenPath, usual.token),
          },
    agent: readAgent(options, (given) => page('--agent-path', given, usual.agent)),
    database: options.db === undefined ? undefined : readDatabase(options.db, options.dbCa),
    ca: options.ca === undefined ? systemAuthorities() : [readPem(options.ca)],
    ownCa: options.ca !== undefined,
    freshMs: options.fresh === undefined ? undefined : options.fresh * 1_000,
  };
}

const urlHint = 'Give where the server listens, as https://host:8443.';

function readUrl(text: string): URL {
  const url = URL.parse(text);
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:')
    throw wrong('--url is no URL that begins with https:// or http://', urlHint);
  if (url.username !== '' || url.password !== '')
    throw wrong('--url with a user or a password is not taken: it would be sent and shown', urlHint);
  if (url.search !== '' || url.hash !== '')
    throw wrong(
      '--url with a query or a fragment is not taken',
      `${urlHint} Pages are named by --health, --token-path and --agent-path.`,
    );
  return url;
}

function readPath(option: string, path: string): string {
  if (/^\/[\x21-\x7e]*$/.test(path)) return path;
  throw wrong(
    `${option} is no path`,
    'It begins with a slash, as /health, and has neither blanks nor letters beyond ASCII.',
  );
}

function readToken({ token, tokenFile, tokenHeader }: TargetOptions): string | undefined {
  if (tokenHeader !== undefined && !/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(tokenHeader))
    throw wrong('--token-header is no name of a header', 'For example X-Api-Key.');
  const value = tokenFile === undefined ? token : readText(tokenFile).trim();
  if (value === undefined) return undefined;
  const hint =
    'Print it with `cat -A` where nobody looks: a line feed or a quotation mark may have come along.';
  if (value === '') throw wrong('The token is empty', 'Check the variable or the file that it comes from.');
  // A header takes no others (RFC 9110, section 5.5); Node would say so with the value in its message.
  if (!/^[\x21-\x7e]+$/.test(value)) throw wrong('The token has characters that no header may carry', hint);
  if (/^["'].*["']$/.test(value))
    throw wrong('The token stands in quotation marks, which would be sent too', hint);
  return value;
}

function readAgent(
  { agent: name, agentPath }: TargetOptions,
  page: (given: string | undefined) => Page,
): Target['agent'] {
  if (name === undefined) return undefined;
  if (name === '') throw wrong('--agent is empty', 'Give its id, or the logical id that it registers with.');
  if (agentPath !== undefined && !agentPath.includes('{agent}'))
    throw wrong(
      '--agent-path has no place for the agent',
      'Write {agent} where its id belongs, as /api/agents/{agent}.',
    );
  const { path, given } = page(agentPath);
  return { name, page: { path: path.replaceAll('{agent}', encodeURIComponent(name)), given } };
}

const databaseHint =
  'mysql://user:password@host:3306/schema; what is no letter or digit in a password is written as %XX.';

function readDatabase(text: string, caFile: string | undefined): DatabaseTarget {
  const url = URL.parse(text);
  if (url?.protocol !== 'mysql:' && url?.protocol !== 'mariadb:')
    throw wrong('--db is no URL that begins with mysql://', databaseHint);
  const schema = decode(url.pathname.slice(1));
  if (url.hostname === '' || schema === '' || schema.includes('/'))
    throw wrong('--db lacks the host or the schema', databaseHint);
  return {
    host: url.hostname.replaceAll(/[[\]]/g, ''),
    port: url.port === '' ? 3306 : Number(url.port),
    user: decode(url.username),
    password: decode(url.password),
    schema,
    ca: caFile === undefined ? undefined : readPem(caFile),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw wrong('--db has a % that stands for no character', databaseHint);
  }
}

/** Those of the runtime and those of the system: agents in other languages trust the latter. */
function systemAuthorities(): string[] {
  return [...new Set([...getCACertificates('default'), ...getCACertificates('system')])];
}

function readPem(file: string): string {
  const text = readText(file);
  if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  throw wrong(
    `${file} holds no certificate in PEM`,
    'Give the certificate of the authority that signed the one of the server.',
  );
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw fileError(cause, file, 'give another file');
  }
}

/** Options of node:tls for a connection that is made by address and meant for a name. */
export const serverName = ({ hostname }: Target): string => (isIP(hostname) === 0 ? hostname : '');

const wrong = (message: string, hint: string): LabError => new LabError('LAB_BAD_INPUT', message, { hint });
