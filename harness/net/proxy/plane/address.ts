/**
 * `host:port` texts as Go reads them, with Go's wording for what is wrong with them, since Toxiproxy's clients see
 * those messages.
 */
import dns from 'node:dns/promises';
import net from 'node:net';
import type { Target } from '../../dial.ts';
import { listenFailed } from '../api/errors.ts';
import { servicePort } from './services.ts';

/** Splits `host:port`; the port may be the name of a service, or empty for 0. @throws {ApiError} 500 */
export function parseAddress(text: string): Target {
  const bracketed = /^\[([^\]]*)\]:([^:]*)$/.exec(text);
  const colons = text.split(':').length - 1;
  if (!bracketed && colons === 0) throw listenFailed(`address ${text}: missing port in address`);
  if (!bracketed && colons > 1) throw listenFailed(`address ${text}: too many colons in address`);

  const [host = '', port = ''] = bracketed ? bracketed.slice(1) : text.split(':');
  return { host, port: parsePort(port) };
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

/** Writes an address as Go does: IPv6 in brackets. */
export function formatAddress({ host, port }: Target): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** The socket address that a `listen` text means, names looked up, IPv4 preferred. @throws {ApiError} 500 */
export async function resolveListen(text: string): Promise<Target> {
  if (text === '') return { host: '', port: 0 };
  const { host, port } = parseAddress(text);
  if (host === '' || net.isIP(host) > 0) return { host, port };
  try {
    const { address } = await dns.lookup(host, { order: 'ipv4first' });
    return { host: address, port };
  } catch (error) {
    throw listenFailed(`lookup ${host}: no such host`, error);
  }
}
