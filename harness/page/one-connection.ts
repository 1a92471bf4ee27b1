/**
 * Faults on one connection alone. They are toxics like all others, so they strike, are told of, and stand in what is saved;
 * they are removed once their connection is over.
 */
import { ApiError, type StartedProxy, type ToxicDefinition } from 'shaketable-proxy';

/** The name of the toxic that holds a connection. */
export const pauseOf = (connection: number): string => `pause-${connection}`;
const endOf = (connection: number): string => `end-${connection}`;

/** Which connection. */
export interface OneConnection {
  readonly link: string;
  readonly connection: number;
}

/** How a connection can be ended: by RST, by FIN, or without a word as a NAT does. */
export const endings = ['reset', 'close', 'forget'] as const;

export class OneConnectionFaults {
  readonly #proxies: StartedProxy;
  /** The toxics that were made here, by link and connection. */
  readonly #made = new Map<string, Set<string>>();

  constructor(proxies: StartedProxy) {
    this.#proxies = proxies;
  }

  /** Removes what was made here once its connection is over; returns what ends that. */
  watch(): () => void {
    return this.#proxies.subscribe((event) => {
      if (event.type === 'close') this.#tidy({ link: event.proxy, connection: event.connection });
    });
  }

  /** Nothing passes any more, in either direction, and nothing is lost. @throws {ApiError} 404, 409 */
  pause(one: OneConnection): void {
    this.#add(one, { name: pauseOf(one.connection), type: 'stall', stream: 'both' });
  }

  /** Everything that was held goes on. @throws {ApiError} 404 */
  release({ link, connection }: OneConnection): void {
    this.#proxies.proxy(link).removeToxic(pauseOf(connection));
  }

  /** Ends it at both ends. @throws {ApiError} 404, 409 */
  end(one: OneConnection, how: (typeof endings)[number]): void {
    this.#add(one, { name: endOf(one.connection), type: 'lifetime', attributes: { after: 1, action: how } });
  }

  #add({ link, connection }: OneConnection, toxic: ToxicDefinition & { readonly name: string }): void {
    const proxy = this.#proxies.proxy(link);
    if (!proxy.connections.some((open) => open.connection === connection))
      throw new ApiError(404, `connection ${connection} of ${link} is not open`);
    proxy.addToxic({ ...toxic, only: { connections: [connection] } });
    const key = keyOf({ link, connection });
    this.#made.set(key, (this.#made.get(key) ?? new Set()).add(toxic.name));
  }

  #tidy(one: OneConnection): void {
    const made = this.#made.get(keyOf(one));
    if (made === undefined) return;
    this.#made.delete(keyOf(one));
    const proxy = this.#proxies.proxies.find(({ name }) => name === one.link);
    for (const { name } of proxy?.toxics ?? []) if (made.has(name)) proxy?.removeToxic(name);
  }
}

const keyOf = ({ link, connection }: OneConnection): string => `${link}:${connection}`;
