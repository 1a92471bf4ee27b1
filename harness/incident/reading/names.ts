/**
 * Takes names out of what is written down: hosts, addresses, tokens, users. The same name gets the same substitute everywhere, so
 * that evidence stays readable. What looks like a secret is replaced whatever the reader asks for.
 */

import { isIPv6 } from 'node:net';

/** Domains and addresses that stand for nobody (RFC 2606, RFC 5737, RFC 3849). */
const harmlessHost = /(?:^|\.)(?:example(?:\.(?:com|net|org))?|test|invalid|localhost|local)$/i;
const harmlessAddress = /^(?:127\.|0\.0\.0\.0$|192\.0\.2\.|198\.51\.100\.|203\.0\.113\.)/;

/** File endings and words with a dot that no host has. */
const noHost =
  /\.(?:py|js|ts|mjs|cjs|tsx|jsx|go|rs|java|kt|rb|php|cs|cpp|cc|c|h|hpp|log|txt|json|yaml|yml|toml|xml|html?|css|sql|sh|conf|cfg|ini|md|so|dll|exe|jar|class|pem|crt|key|lock|sock|pid|gz|zip|tar|pcap|pcapng|har|exception|error|timeouts?|socket|request|response|client|server|session|send|read|write|connect|get|post|close|internal|io|util|utils|net|http|https|lang|core|main|handler|handlers|pool|worker|base|query|execute)$/i;
const topLevel =
  /\.(?:com|net|org|io|dev|app|cloud|internal|lan|corp|intra|home|local|localdomain|svc|gov|edu|mil|info|biz|co|ai|me|tv|eu|uk|de|fr|nl|be|at|ch|it|es|pt|pl|cz|se|no|dk|fi|ie|us|ca|br|mx|ar|cl|au|nz|jp|cn|kr|in|sg|hk|tw|za|ru|ua|tr|il|test|example|invalid)$/i;

interface Rule {
  readonly find: RegExp;
  readonly replace: (names: Names, found: RegExpExecArray | string[]) => string;
}

const secretKey =
  '(?:pass(?:word|wd|phrase)?|secret|api[-_]?key|access[-_]?key|private[-_]?key|(?:access|refresh|auth|client|session|id|csrf|bearer|security|[a-z]{1,20})?[-_]?token|credential|signature|sig|jwt|cookie|session[-_]?id|sessionid|sid)';

const secrets: readonly Rule[] = [
  {
    find: /-----BEGIN [A-Z ]+-----[\s\S]*?(?:-----END [A-Z ]+-----|$)/g,
    replace: (names, [all = '']) => names.of('secret', all),
  },
  {
    find: /\b(Bearer|Basic|Digest|Negotiate|Token)( +)([\w.~+/=:-]{6,})/gi,
    replace: (names, [, scheme = '', gap = '', value = '']) =>
      /^(?:is|was|not|has|error|invalid|expired|configuration|authentication|realm\b.*)$/i.test(value)
        ? `${scheme}${gap}${value}`
        : `${scheme}${gap}${names.of('token', value)}`,
  },
  { find: /\beyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*)?/g, replace: (names, [all = '']) => names.of('token', all) },
  {
    find: /\b(set-cookie|cookie)(["']?\s*[:=]\s*["']?)([^"'\n]{3,})/gi,
    replace: (names, [, key = '', gap = '', value = '']) => `${key}${gap}${names.of('token', value)}`,
  },
  {
    find: new RegExp(String.raw`(\b${secretKey}\b)(\\?["']?\s*[=:]\s*\\?["']?)([^\s"'&,;)}\]\\]{3,})`, 'gi'),
    replace: (names, [, key = '', gap = '', value = '']) => `${key}${gap}${names.of('token', value)}`,
  },
  {
    find: /\b(?:AKIA|ASIA)[A-Z0-9]{12,}|\bgh[pousr]_\w{20,}|\bxox[abprs]-[\w-]{8,}|\bsk[-_](?:live|test|ant)?[-_\w]{16,}|\bglpat-[\w-]{10,}|\bAIza[\w-]{30,}/g,
    replace: (names, [all = '']) => names.of('token', all),
  },
  {
    find: /\b(\w[\w+.-]*:\/\/)([^\s/:@"']{1,128}):([^\s/@"']{1,256})@/g,
    replace: (names, [, scheme = '', user = '', password = '']) =>
      `${scheme}${names.of('user', user)}:${names.of('token', password)}@`,
  },
  {
    find: /\b(?=[A-Za-z0-9_-]*\d)(?=[A-Za-z0-9_-]*[A-Za-z])(?![0-9a-f]{8}-[0-9a-f]{4}-)[A-Za-z0-9_-]{24,512}\b/g,
    replace: (names, [all = '']) => (isWordy(all) ? all : names.of('token', all)),
  },
  {
    find: /\b([A-Za-z0-9]{4,10})\.\.\.([A-Za-z0-9]{3,8})\b/g,
    replace: (names, [all = '']) => names.of('token', all),
  },
];

const others: readonly Rule[] = [
  {
    find: /\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+\b/g,
    replace: (names, [all = '']) => `${names.of('user', all)}@example.test`,
  },
  {
    find: /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi,
    replace: (names, [all = '']) => names.of('id', all),
  },
  {
    find: /(?<![\w.])(\d{1,3}(?:\.\d{1,3}){3})(?![\w.]*\d)/g,
    replace: (names, [, address = '']) => names.address(address),
  },
  {
    find: /(?<![\w:.])[0-9a-f]{0,4}:[0-9a-f:]{1,38}(?:\d{1,3}(?:\.\d{1,3}){3})?(?![\w:])/gi,
    replace: (names, [all = '']) => names.address6(all),
  },
  {
    find: /\b(https?|wss?|tcp|mysql|mariadb|amqp|redis|ftp)(:\/\/)(?!\w+:token-)([\w.-]{1,253})/gi,
    replace: (names, [, scheme = '', gap = '', host = '']) => `${scheme}${gap}${names.host(host)}`,
  },
  {
    find: /\b(host(?:name)?|server[-_ ]?name|servername|sni|machine(?:[-_]?id)?|node|instance(?:[-_]?id)?|peer|upstream|address|addr|getaddrinfo(?: ENOTFOUND| EAI_AGAIN)?|lookup|ENOTFOUND|EAI_AGAIN|to host|resolve host)(\\?["']?\s*[=: ]\s*\\?["']?)([A-Za-z0-9][\w.-]{1,253})/gi,
    replace: (names, [, key = '', gap = '', host = '']) => `${key}${gap}${names.plausible(host)}`,
  },
  {
    find: /\b(user(?:[-_ ]?(?:id|name))?|login|account(?:[-_]?id)?|client[-_]?id|customer(?:[-_]?id)?|tenant(?:[-_]?id)?|owner|e-?mail|sub)(\\?["']?\s*[=:]\s*\\?["']?|\s+(?=["'\w]*\d)["']?)([^\s"',;&(){}[\]\\]{2,128})/gi,
    replace: (names, [, key = '', gap = '', value = '']) => `${key}${gap}${names.of('user', value)}`,
  },
  {
    find: /(\/(?:home|Users|export\/home)\/)([^/\s:"']{1,64})/g,
    replace: (names, [, path = '', user = '']) => `${path}${names.of('user', user)}`,
  },
  {
    find: /(\\Users\\)([^\\\s:"']{1,64})/g,
    replace: (names, [, path = '', user = '']) => `${path}${names.of('user', user)}`,
  },
  {
    find: /\b(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z][a-z0-9-]{1,24}\b(?!\()/gi,
    replace: (names, [all = '']) => names.dotted(all),
  },
];

/** The substitutes of one reproduction. */
export class Names {
  readonly #kept: boolean;
  readonly #known = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  /** With `keep`, hosts, addresses and users stay as they are; secrets never do. */
  constructor({ keep = false }: { readonly keep?: boolean } = {}) {
    this.#kept = keep;
  }

  /** How many names were replaced, by what they are. */
  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }

  /** The text without names. */
  replace(text: string): string {
    let clean = text;
    for (const rule of this.#kept ? secrets : [...secrets, ...others])
      clean = clean.replace(rule.find, (...found) => rule.replace(this, found.slice(0, -2) as string[]));
    return this.#kept ? clean : this.#knownAgain(clean);
  }

  /** The substitute for a name of this kind. */
  of(kind: string, name: string): string {
    if (isSubstitute(name)) return name;
    const key = `${kind} ${name.toLowerCase()}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const number = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, number);
    const substitute = kind === 'host' ? `host-${number}.example` : `${kind}-${number}`;
    // A name is known in all that is read; which are too many to remember are new each time.
    if (this.#known.size < mostNames) this.#known.set(key, substitute);
    return substitute;
  }

  host(host: string): string {
    if (/^[\d.]+$/.test(host)) return this.address(host);
    return harmlessHost.test(host) || isSubstitute(host) || host === '' ? host : this.of('host', host);
  }

  /** A word that stands where hosts do, and may be any word. */
  plausible(word: string): string {
    return /[.\d-]/.test(word) && !/^\d+$/.test(word) && !noHost.test(word) ? this.host(word) : word;
  }

  dotted(word: string): string {
    if (noHost.test(word) && !topLevel.test(word)) return word;
    return topLevel.test(word) && !/^[A-Z]\w*\.[A-Z]/.test(word) ? this.host(word) : word;
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

  /** Hosts and users that were named before, wherever they stand now. */
  #knownAgain(text: string): string {
    let clean = text;
    for (const [key, substitute] of this.#known) {
      const name = key.slice(key.indexOf(' ') + 1);
      // A host may be called as a thing is: `http://server`.
      if (name.length < 5 || !/^(?:host .*[.\d-]|user )/.test(key)) continue;
      for (
        let at = clean.toLowerCase().indexOf(name);
        at !== -1;
        at = clean.toLowerCase().indexOf(name, at + substitute.length)
      ) {
        const before = clean[at - 1] ?? ' ';
        const after = clean[at + name.length] ?? ' ';
        if (/[\w-]/.test(before) || /[\w-]/.test(after)) continue;
        clean = clean.slice(0, at) + substitute + clean.slice(at + name.length);
      }
    }
    return clean;
  }
}

/** Words with hyphens and a number here and there, as file names have them. */
const isWordy = (text: string): boolean =>
  /^[A-Za-z]+(?:[-_][A-Za-z]*\d{0,3})+$/.test(text) && text.replace(/\D/g, '').length < 5;

const mostNames = 2_000;

const isSubstitute = (name: string): boolean =>
  /^(?:host-\d+\.example|(?:token|user|id|secret|address)-\d+)$/.test(name);
