/**
 * Who may ask the page's server. It listens on loopback, where every page in the user's browser can reach it, and every user of the
 * machine: so a request has to carry the token, name this machine as its host, and come from this page if it comes from any.
 *
 *     Host     a name that was rebound to 127.0.0.1 is not ours (DNS rebinding)
 *     Origin   another site's script or form is not ours (CSRF, reading a stream)
 *     token    in a header that no form, image or event source can send; in the address for the document alone
 */
import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** The part of a request that decides. */
export interface Asked {
  readonly headers: IncomingHttpHeaders;
  /** Path and query. */
  readonly url: URL;
  /** It asks for the page itself, which a browser does without headers of our own. */
  readonly isDocument: boolean;
}

/** Why a request is not answered. */
export interface Refusal {
  readonly status: 401 | 403;
  readonly why: string;
}

/** Any port: `ssh -L` makes another one of it, and only a name can be rebound. */
const ourHost = /^(?:127\.0\.0\.1|localhost)(?::\d{1,5})?$/;

/** Why it is refused; undefined for one that may be answered. */
export function refusalOf(asked: Asked, token: string): Refusal | undefined {
  const { host, origin } = asked.headers;
  if (host === undefined || !ourHost.test(host))
    return { status: 403, why: 'This page is there for 127.0.0.1 and localhost, and for no other host.' };
  if (origin !== undefined && origin !== `http://${host}`)
    return { status: 403, why: 'This page is not there for other sites.' };
  if (!isSiteOurs(asked)) return { status: 403, why: 'This page is not there for other sites.' };
  if (!isSame(tokenOf(asked), token))
    return { status: 401, why: 'The token is missing or wrong: open the address that the lab printed.' };
  return undefined;
}

/** What the browser says about who asks, where it says so: a link that is followed to the page may stand anywhere. */
function isSiteOurs({ headers, isDocument }: Asked): boolean {
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return true;
  return isDocument && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
}

function tokenOf({ headers, url, isDocument }: Asked): string {
  if (isDocument) return url.searchParams.get('token') ?? '';
  return /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
}

function isSame(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}
