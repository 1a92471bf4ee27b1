/** Writes answers as Toxiproxy does: key order, number spelling and escapes included. */
import type { FaultProxy } from '../engine/fault-proxy.ts';
import type { Toxic } from '../engine/toxic.ts';
import { toxiproxyTypeNames } from '../toxics/index.ts';

/** Any value, with the characters escaped that Go escapes. */
export function encodeJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A number that is written out as it is spelled; `JSON.rawJSON` is not known to TypeScript yet. */
const { rawJSON: rawJson } = JSON as unknown as { rawJSON(literal: string): object };

/** A toxic; `only` appears where one was given. */
export function toxicToJson(toxic: Toxic): object {
  const { attributes, exact, name, type, streamText, toxicity, only } = toxic;
  const integers = Object.entries(exact).map(([attribute, literal]) => [attribute, rawJson(literal)]);
  const known = {
    attributes: { ...attributes, ...Object.fromEntries(integers) },
    name,
    type: type.type,
    stream: streamText,
    toxicity: shortestFloat32(toxicity),
  };
  return only ? { ...known, only } : known;
}

/** What every client of Toxiproxy can read; some know no `noop`. */
const knownEverywhere = new Set([...toxiproxyTypeNames].filter((type) => type !== 'noop'));

/**
 * A toxic for a client that fails on a type that it does not know: it sees a delay of nothing in its place, which it can list
 * and remove by its name.
 */
export function knownToxicToJson(toxic: Toxic): object {
  const { name, type, stream, toxicity } = toxic;
  const { only: _, ...shown } = toxicToJson(toxic) as { only?: object };
  if (knownEverywhere.has(type.type) && stream !== 'both') return shown;
  return {
    attributes: { latency: 0, jitter: 0 },
    name,
    type: 'latency',
    stream: stream === 'upstream' ? 'upstream' : 'downstream',
    toxicity: shortestFloat32(toxicity),
  };
}

/** `strict` is for clients that fail on what they do not know. */
export function toxicsToJson({ toxics }: FaultProxy, strict: boolean): object[] {
  return toxics.map(strict ? knownToxicToJson : toxicToJson);
}

/** A proxy; the `Logger` key is there because the real server has it, `tls` where it was given. */
export function proxyToJson(proxy: FaultProxy, strict: boolean): object {
  const { name, listen, upstream, enabled, tls } = proxy;
  const known = { name, listen, upstream, enabled, Logger: {}, toxics: toxicsToJson(proxy, strict) };
  return tls && !strict ? { ...known, tls } : known;
}

/** An object of proxies by name, sorted bytewise; written out, since engines move number-like keys to the front. */
export function encodeProxies(proxies: readonly FaultProxy[], strict: boolean): string {
  const sorted = proxies.toSorted((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
  const entries = sorted.map(
    (proxy) => `${encodeJson(proxy.name)}:${encodeJson(proxyToJson(proxy, strict))}`,
  );
  return `{${entries.join(',')}}`;
}

/** The number with the fewest digits that is the same 32-bit float. */
function shortestFloat32(value: number): number {
  for (let digits = 1; digits < 10; digits += 1) {
    const candidate = Number(value.toPrecision(digits));
    if (Math.fround(candidate) === value) return candidate;
  }
  return value;
}
