/** The certificates that a proxy presents: made when a name is first asked for, kept as long as the settings hold. */
import tls from 'node:tls';
import type { IssuedCertificate } from '../certificates/index.ts';
import type { AuthoritySource } from './authority.ts';
import { type TlsSettings, versionRange } from './settings.ts';

/** Of so many hosts; a client may ask for any number of names. */
const mostCertificates = 256;
/** What OpenSSL takes TLS before 1.2, and keys of 1024 bits, to be: no security at all. */
const legacyCiphers = 'DEFAULT:@SECLEVEL=0';

interface Kept {
  readonly issued: IssuedCertificate;
  /** Holds the keys of the tickets too. */
  readonly context: tls.SecureContext;
}

export class Certificates {
  readonly #authority: AuthoritySource;
  readonly #settings: TlsSettings;
  readonly #mostKept: number;
  readonly #kept = new Map<string, Promise<Kept>>();

  constructor(authority: AuthoritySource, settings: TlsSettings, mostKept = mostCertificates) {
    this.#authority = authority;
    this.#settings = settings;
    this.#mostKept = mostKept;
  }

  /** What a handshake for `hosts` is answered with; `flawed` as the settings say. */
  async contextFor(hosts: readonly string[], flawed: boolean): Promise<tls.SecureContext> {
    const kept = await this.#keep(hosts, flawed);
    return this.#settings.tickets === 'accepted' ? kept.context : this.#createContext(kept.issued);
  }

  #keep(hosts: readonly string[], flawed: boolean): Promise<Kept> {
    const key = JSON.stringify([flawed, ...hosts]);
    const known = this.#kept.get(key);
    if (known) return known;
    const made = this.#issue(hosts, flawed).then((issued) => ({
      issued,
      context: this.#createContext(issued),
    }));
    this.#kept.set(key, made);
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined && this.#kept.size > this.#mostKept) this.#kept.delete(oldest);
    return made;
  }

  async #issue(hosts: readonly string[], flawed: boolean): Promise<IssuedCertificate> {
    const { issueFlawed } = await import('../certificates/index.ts');
    const authority = await this.#authority();
    const { certificate } = this.#settings;
    return flawed && certificate !== 'valid'
      ? issueFlawed(authority, certificate, hosts)
      : authority.issue({ hosts });
  }

  #createContext({ keyPem, chainPem }: IssuedCertificate): tls.SecureContext {
    const { min, max } = versionRange(this.#settings);
    const legacy = min < 'TLSv1.2' || this.#settings.certificate === 'weak_key';
    return tls.createSecureContext({
      key: keyPem,
      cert: chainPem,
      minVersion: min,
      maxVersion: max,
      sessionIdContext: 'shaketable',
      ...(legacy ? { ciphers: legacyCiphers } : {}),
    });
  }
}
