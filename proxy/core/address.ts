/**
 * `host:port` texts as Go reads them, with Go's wording for what is wrong with them, since Toxiproxy's clients see
 * those messages.
 */
import dns from 'node:dns/promises';
import net from 'node:net';
import { listenFailed } from './api-error.ts';
import type { Target } from './dial.ts';
import { servicePort } from './well-known-ports.ts';

const mappedIpv4 = /^::ffff:(?=\d+\.)/i;
/** `127.1`, `2130706433`, `0x7f.1`: what C libraries take for an address and Go takes for a name. */
const shortIpv4 = /^(?:0x[\da-f]+|\d+)(?:\.(?:0x[\da-f]+|\d+))*$/i;

/** Splits `host:port`; the port may be the name of a service, or empty for 0. @throws {ApiError} 500 */
export function parseAddress(text: string): Target {
  const wrong = (reason: string): Error => listenFailed(`address ${text}: ${reason}`);
  const colon = text.lastIndexOf(':');
  if (colon < 0) throw wrong('missing port in address');
  if (!text.startsWith('[')) {
    const host = text.slice(0, colon);
    if (host.includes(':')) throw wrong('too many colons in address');
    return { host: unbracketed(host, wrong), port: parsePort(text.slice(colon + 1)) };
  }
  const end = text.indexOf(']');
  if (end < 0) throw wrong("missing ']' in address");
  if (end + 1 !== colon)
    throw wrong(text[end + 1] === ':' ? 'too many colons in address' : 'missing port in address');
  return { host: unbracketed(text.slice(1, end), wrong), port: parsePort(text.slice(colon + 1)) };
}

function unbracketed(host: string, wrong: (reason: string) => Error): string {
  const bracket = /[[\]]/.exec(host)?.[0];
  if (bracket !== undefined) throw wrong(`unexpected '${bracket}' in address`);
  return host;
}

function parsePort(text: string): number {
  if (text === '') return 0;
  const service = servicePort(text);
  if (service !== undefined) return service;
  if (!/^[-+]?\d+$/.test(text)) throw listenFailed(`lookup tcp/${text}: unknown port`);
  const port = Number(text);
  if (port < 0 || port > 65_535) throw listenFailed(`address ${text}: invalid port`);
  return port;
}

/** The address without its zone, and an IPv4 address in an IPv6 one (`::ffff:10.0.0.1`) as itself. */
export const plainAddress = (address: string): string => address.replace(/%.*/, '').replace(mappedIpv4, '');

/** Writes an address as Go does: IPv6 in brackets. */
export function formatAddress({ host, port }: Target): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** No host, `0.0.0.0` and `::` are every interface, IPv4 and IPv6. */
export function isEverywhere(host: string): boolean {
  return ['', '0.0.0.0', '::'].includes(host);
}

/** Whether listening on one is listening on the other. */
export function isSameListen(a: Target, b: Target): boolean {
  const sameHost = a.host === b.host || (isEverywhere(a.host) && isEverywhere(b.host));
  return sameHost && a.port === b.port;
}

/** The socket address that a `listen` text means, names looked up, IPv4 preferred. @throws {ApiError} 500 */
export async function resolveListen(text: string): Promise<Target> {
  if (text === '') return { host: '', port: 0 };
  const { host, port } = parseAddress(text);
  if (host === '' || net.isIP(host) > 0) return { host: host.replace(mappedIpv4, ''), port };
  try {
    if (shortIpv4.test(host)) throw new Error('addresses have four decimal parts');
    const { address } = await dns.lookup(host, { order: 'ipv4first' });
    return { host: address, port };
  } catch (error) {
    throw listenFailed(`lookup ${host}: no such host`, error);
  }
}
