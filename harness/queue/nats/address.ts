/**
 * Where a NATS server is and who we are to it. Work and results cross networks only encrypted, and to a server that knows whom it
 * serves; on loopback neither is asked for.
 */
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { fileError, LabError } from '../../errors.ts';

/** What it takes to connect. */
export interface NatsAddress {
  /** Host and port, as the client takes it. */
  readonly server: string;
  /** Without brackets and port: what the server's certificate has to be for. */
  readonly host: string;
  /** For messages: without credentials. */
  readonly shown: string;
  readonly tls: boolean;
  readonly user?: string;
  readonly password?: string;
  readonly token?: string;
  /** What a credentials file of NATS holds. */
  readonly credentials?: Uint8Array;
  /** The authority of the server's certificate, PEM; absent where the system's are meant. */
  readonly authority?: string;
}

const defaultPort = 4222;

/**
 * Reads `nats://[USER:PASSWORD@|TOKEN@]HOST[:PORT]` or the same with `tls://`. Credentials that should not stand in a list of
 * processes come from `SHAKETABLE_NATS_TOKEN` or the file `SHAKETABLE_NATS_CREDS`; `SHAKETABLE_NATS_CA` is a file, too.
 * @throws LabError `LAB_BAD_INPUT` for an address that is none, or that would send work over a network unprotected
 */
export async function readNatsAddress(
  text: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<NatsAddress> {
  const url = parse(text);
  const tls = url.protocol === 'tls:';
  const host = url.hostname;
  const server = `${host}:${url.port || defaultPort}`;
  const [user, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
  const token = env.SHAKETABLE_NATS_TOKEN || (user !== '' && password === '' ? user : '');
  const credentials = await contentOf(env.SHAKETABLE_NATS_CREDS);
  const authority = await contentOf(env.SHAKETABLE_NATS_CA);
  const shown = `${url.protocol}//${server}`;
  const known = token !== '' || password !== '' || credentials !== undefined;
  if (!isLoopback(host) && !(tls && known)) throw unprotected(shown, tls);
  return {
    server,
    host: host.replace(/^\[|\]$/g, ''),
    shown,
    tls,
    ...(password === '' ? {} : { user, password }),
    ...(token === '' ? {} : { token }),
    ...(credentials ? { credentials } : {}),
    ...(authority ? { authority: authority.toString('utf8') } : {}),
  };
}

function parse(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const rest = url === undefined ? '' : url.pathname + url.search + url.hash;
  if (url && ['nats:', 'tls:'].includes(url.protocol) && url.hostname !== '' && ['', '/'].includes(rest))
    return url;
  const shown = text.replace(/\/\/[^@/]*@/, '//…@');
  throw new LabError('LAB_BAD_INPUT', `${shown} is no address of a server that hands out work`, {
    hint: 'As nats://127.0.0.1:4222 or tls://queue.example:4222; `embedded` or `embedded:4` for workers on this machine.',
  });
}

async function contentOf(path: string | undefined): Promise<Buffer | undefined> {
  if (path === undefined || path === '') return undefined;
  return await readFile(path).catch((cause) => {
    throw fileError(cause, path, 'name another file');
  });
}

/** Whether nobody but this machine can listen. */
export function isLoopback(host: string): boolean {
  const plain = host.replace(/^\[|\]$/g, '');
  if (plain === 'localhost' || plain === '::1') return true;
  return isIP(plain) === 4 && plain.startsWith('127.');
}

function unprotected(shown: string, tls: boolean): LabError {
  const what = tls ? 'without credentials' : 'without TLS';
  return new LabError('LAB_BAD_INPUT', `Work for ${shown} would cross a network ${what}`, {
    hint: [
      'Away from loopback a server needs both:',
      '- tls://HOST:PORT, with its authority in SHAKETABLE_NATS_CA unless the system knows it,',
      '- a token in SHAKETABLE_NATS_TOKEN, a credentials file in SHAKETABLE_NATS_CREDS, or USER:PASSWORD@ in the address.',
    ].join('\n'),
  });
}
