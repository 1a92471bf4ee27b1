/**
 * Takes names out of what is written down: hosts, addresses, tokens, users, paths. The same name gets the same substitute everywhere, so
 * that evidence stays readable. What looks like a secret is replaced whatever the reader asks for.
 */

import { isIPv6 } from 'node:net';
import { isPersonField, peopleRules, sentenceRules } from './people.ts';
import { isHostField, placeRules } from './places.ts';
import { isOrdinary, type Kind, type Substitutes } from './rule.ts';
import { isSecretField, secretRules } from './secrets.ts';
import { plainSpelling } from './spelling.ts';

/** Domains and addresses that stand for nobody (RFC 2606, RFC 6761, RFC 5737, RFC 3849). */
const harmlessHost = /(?:^|\.)(?:example(?:\.(?:com|net|org))?|test|invalid|localhost)$/i;
const harmlessAddress = /^(?:127\.|0\.0\.0\.0$|192\.0\.2\.|198\.51\.100\.|203\.0\.113\.)/;

/** Hosts and users may be called as things are; such a word is taken for a name only where something says that it is one. */
const thing =
  /^(?:agents?|servers?|clients?|prox(?:y|ies)|api|gateway|database|mysql|redis|backend|frontend|workers?|services?|connections?|report|heartbeat|request|session|account|root|admin|user|users|test|system|fleet|error|timeout|reset|http|https|node|python|java|main)$/;

const mostNames = 2_000;
/** A word for which names are looked up. */
const anyWord = /[\p{L}\p{N}_][\p{L}\p{N}_.@-]*/gu;
const fewest = 3;

/** The substitutes of one reproduction. */
export class Names implements Substitutes {
  readonly #kept: boolean;
  /** By kind and name. */
  readonly #known = new Map<string, string>();
  /** By name alone: where it may stand without anything that says so. */
  readonly #everywhere = new Map<string, string>();
  readonly #counts = new Map<Kind, number>();

  /** With `keep`, hosts, addresses and users stay as they are; secrets never do. */
  constructor({ keep = false }: { readonly keep?: boolean } = {}) {
    this.#kept = keep;
  }

  /** The text without names. */
  replace(text: string): string {
    let clean = this.known(plainSpelling(text));
    for (const rule of this.#kept ? secretRules : [...secretRules, ...placesAndPeople])
      clean = clean.replace(rule.find, (...found) => rule.replace(this, found.slice(0, -2) as string[]));
    return this.known(clean);
  }

  /** The text without the names that were met so far, also where nothing says that they are names. */
  known(text: string): string {
    return text.replace(anyWord, (word) => this.#knownIn(word));
  }

  /** The same for a value with fields, whose names say what is in them. */
  replaceIn<T>(value: T, field = ''): T {
    if (typeof value === 'string') return this.#inField(value, field) as T;
    if (Array.isArray(value)) return value.map((one) => this.replaceIn(one, field)) as T;
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [this.replace(name), this.replaceIn(one, name)]),
    ) as T;
  }

  #inField(text: string, field: string): string {
    if (text.length < fewest || isOrdinary(text)) return text;
    if (isSecretField(field)) return this.of('token', text);
    if (this.#kept) return this.replace(text);
    if (isHostField(field) && /^[\p{L}\p{N}._-]+$/u.test(text) && !/^\d+$/.test(text)) return this.host(text);
    if (isPersonField(field)) return this.of('user', text);
    return this.replace(text);
  }

  of(kind: Kind, name: string): string {
    if (isSubstitute(name)) return name;
    const key = `${kind} ${name.toLowerCase()}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const number = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, number);
    const substitute = kind === 'host' ? `host-${number}.example` : `${kind}-${number}`;
    // A name is known in all that is read; which are too many to remember are new each time.
    if (this.#known.size < mostNames) this.#remember(key, name.toLowerCase(), substitute);
    return substitute;
  }

  #remember(key: string, name: string, substitute: string): void {
    this.#known.set(key, substitute);
    if (this.#kept && !/^(?:token|secret) /.test(key)) return;
    const isWord = name.length >= fewest && !/\s|^[\d.]+$|^\W/.test(name);
    if (isWord && !thing.test(name) && !isOrdinary(name)) this.#everywhere.set(name, substitute);
  }

  host(host: string): string {
    const name = host.replace(/[.-]+$/, '');
    if (/^[\d.]+$/.test(name)) return this.address(name) + host.slice(name.length);
    if (harmlessHost.test(name) || isSubstitute(name) || name === '') return host;
    return this.of('host', name) + host.slice(name.length);
  }

  address(address: string): string {
    if (harmlessAddress.test(address)) return address;
    if (address.split('.').some((part) => Number(part) > 255)) return address;
    return this.of('address', address);
  }

  address6(address: string): string {
    return isIPv6(address) && !/^(?:::1?|2001:db8:.*)$/i.test(address)
      ? this.of('address', address)
      : address;
  }

  /** A word, or of one with dots and an `@` the longest parts that are names. */
  #knownIn(word: string): string {
    if (this.#everywhere.size === 0 || isSubstitute(word)) return word;
    const known = this.#everywhere.get(word.toLowerCase());
    if (known !== undefined) return known;
    const parts = word.split(/([.@])/);
    if (parts.length > 1 && parts.length < 40)
      for (let length = parts.length - 1; length > 0; length -= 1)
        for (let from = 0; from + length <= parts.length; from += 1) {
          const part = this.#everywhere.get(
            parts
              .slice(from, from + length)
              .join('')
              .toLowerCase(),
          );
          if (part !== undefined)
            return [...parts.slice(0, from), part, ...parts.slice(from + length)].join('');
        }
    return word;
  }
}

/** Paths before users, which may be in them; users before hosts, on which they may be. */
const [paths, hosts] = [placeRules.slice(0, 6), placeRules.slice(6)];
const placesAndPeople = [...paths, ...peopleRules, ...hosts, ...sentenceRules];

const isSubstitute = (name: string): boolean =>
  /^(?:host-\d+\.example|(?:token|user|id|secret|address|path|name|package|peer|identity)-\d+(?:\.\w{1,6})?)$/.test(
    name,
  );
