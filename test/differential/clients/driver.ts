/** A client of the API as its users hold it: the operations that are tried with each of them. */
import type { ToxicBody } from '../bench/bench.ts';

/** A proxy to be created. */
export interface ProxyBody {
  readonly name: string;
  readonly listen: string;
  readonly upstream: string;
}

/** A client that talks to one server. Where it cannot do something, that operation is left out. */
export interface Driver extends AsyncDisposable {
  create(proxy: ProxyBody): Promise<void>;
  remove(proxy: string): Promise<void>;
  /** Enables or disables. */
  enable(proxy: string, enabled: boolean): Promise<void>;
  addToxic(proxy: string, toxic: ToxicBody & { readonly name: string }): Promise<void>;
  updateToxic?(proxy: string, toxic: string, attributes: Readonly<Record<string, number>>): Promise<void>;
  removeToxic(proxy: string, toxic: string): Promise<void>;
  /** The names of the proxies that the client sees. */
  list(): Promise<string[]>;
  populate?(proxies: readonly ProxyBody[]): Promise<void>;
  reset?(): Promise<void>;
  /** What its error for a name that is taken says. */
  readonly conflict: RegExp;
}
