/** The server that a URL names: how it is asked, and where it is. Its name is resolved once, here. */
import type { LookupAddress } from 'node:dns';
import { LabError } from '../../../errors.ts';

/** What the URL says. */
export interface ServerAddress {
  readonly secure: boolean;
  /** Name or address, without brackets. */
  readonly hostname: string;
  readonly port: number;
  /** For the Host header: with the port where that is not the usual one. */
  readonly host: string;
  /** Path with its query. */
  readonly path: string;
  /** The URL for reports: a query may hold what is nobody's business. */
  readonly shown: string;
}

const hint = 'Give the URL of a page that may be asked by GET, as https://host:8443/health.';

/** @throws LabError `LAB_BAD_INPUT` for what is no URL of HTTP, and for one with a password in it */
export function parseAddress(text: string): ServerAddress {
  const url = URL.parse(text);
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new LabError('LAB_BAD_INPUT', `${text} is no URL that begins with https:// or http://`, { hint });
  }
  if (url.username !== '' || url.password !== '') {
    throw new LabError(
      'LAB_BAD_INPUT',
      'A URL with a user or password is not taken: it would stand in the report',
      {
        hint,
      },
    );
  }
  const secure = url.protocol === 'https:';
  return {
    secure,
    hostname: url.hostname.replaceAll(/[[\]]/g, ''),
    port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
    host: url.host,
    path: `${url.pathname}${url.search}`,
    shown: `${url.origin}${url.pathname}${url.search === '' ? '' : '?…'}`,
  };
}

/** Looks a name up. */
export type Lookup = (hostname: string) => Promise<LookupAddress>;

/** Where the proxy connects to, as `127.0.0.1:443`. @throws LabError `LAB_BAD_INPUT` for a name that does not resolve */
export async function upstreamOf({ hostname, port }: ServerAddress, lookup: Lookup): Promise<string> {
  const { address } = await lookup(hostname).catch((cause: unknown) => {
    const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
    throw new LabError('LAB_BAD_INPUT', `${hostname} does not resolve${code}`, {
      hint: 'Check the name in the URL, or give an address.',
      cause,
    });
  });
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
