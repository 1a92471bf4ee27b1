/**
 * The authority of a proxy server, whose certificate clients have to trust. It is made when it is first needed, and so
 * is the library that makes it loaded: a server without TLS pays for neither.
 */

import type { Authority } from '../certificates/index.ts';
import { systemClock } from '../core/clock.ts';

/** Gives the authority, the same one each time. */
export type AuthoritySource = () => Promise<Authority>;

/** A source for one server. TLS libraries know the wall clock alone, so validities are reckoned from that. */
export function lazyAuthority(): AuthoritySource {
  let authority: Promise<Authority> | undefined;
  return () => (authority ??= create());
}

/** A source of an authority that is there already. */
export function givenAuthority(authority: Authority): AuthoritySource {
  return async () => authority;
}

async function create(): Promise<Authority> {
  const { createAuthority } = await import('../certificates/index.ts');
  return createAuthority({ name: 'Shaketable fault proxy', now: systemClock().now() });
}
