/**
 * Who dials: each name gets a loopback address of its own, from which its connections come. The order in which connections of several
 * programs are accepted is the machine's, the order of one program's own is not.
 */
import { isIP } from 'node:net';

/** Systems on which all of 127.0.0.0/8 is there without being set up (RFC 6890; ip(7)). */
const wholeLoopback: readonly NodeJS.Platform[] = ['linux', 'win32'];

const ordinary = '127.0.0.1';

/** The diallers of one table, by name and by address. */
export class Diallers {
  readonly #addresses = new Map<string, string>();
  readonly #names = new Map<string, string>();

  /** The address that `name` dials from; the ordinary one where the system has no other. */
  addressOf(name: string): string {
    if (!wholeLoopback.includes(process.platform)) return ordinary;
    const known = this.#addresses.get(name);
    if (known !== undefined) return known;
    const number = this.#addresses.size + 1;
    const address = `127.64.${number >> 8}.${number & 255}`;
    this.#addresses.set(name, address);
    this.#names.set(address, name);
    return address;
  }

  /** Who dials from there; empty for everybody who was not named. */
  at(address: string): string {
    return this.#names.get(address) ?? '';
  }
}

/** Whether one gets to `host` from another loopback address: names of the lab resolve to loopback. */
export const isLoopback = (host: string): boolean => isIP(host) === 0 || host.startsWith('127.');
