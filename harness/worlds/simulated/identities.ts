/**
 * Keys and certificates of the simulated worlds of a process. No seed decides a key, and making one takes longer than many a story: all
 * tables of a process have the same.
 */
import { type Authority, createAuthority, type IssuedCertificate } from 'shaketable-proxy/certificates';
import { realTime } from '../../simulation/time/real-time.ts';

export interface Identities {
  /** What it issues, subjects trust. */
  readonly authority: Authority;
  /** The database's, of an authority of its own: who trusts the lab's does not trust the database for that. */
  readonly database: { readonly cert: string; readonly key: string; readonly ca: string };
}

let made: Promise<Identities> | undefined;

export function identities(): Promise<Identities> {
  made ??= make();
  return made;
}

/** Libraries verify certificates at the machine's own time. An EC signature would have another length each time. */
async function make(): Promise<Identities> {
  const options = { now: realTime.now(), key: 'ed25519' } as const;
  const authority = await createAuthority({ name: 'Shaketable lab', ...options });
  const issuer = await createAuthority({ name: 'Shaketable database', ...options });
  const { chainPem, keyPem }: IssuedCertificate = await issuer.issue({ hosts: ['localhost', '127.0.0.1'] });
  return { authority, database: { cert: chainPem, key: keyPem, ca: issuer.certPem } };
}
