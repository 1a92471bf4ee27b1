/** Proxies as a program holds them: the API's operations without HTTP, through the same checks. */
import { decodeCreation, decodeProxyChange, decodeToxic, decodeToxicChange } from './api/decode.ts';
import { at } from './core/api-error.ts';
import type { AttributeSpecs } from './core/attributes.ts';
import { type Json, jsonOf } from './core/json.ts';
import type { Selector } from './core/selector.ts';
import type {
  OwnToxicDefinition,
  ProxyDefinition,
  ProxyUpdate,
  ToxicDefinition,
  ToxicUpdate,
} from './definitions.ts';
import type { ListedConnection } from './engine/connection-table.ts';
import type { FaultProxy } from './engine/fault-proxy.ts';
import { assertComplete, type ProxyCreation, type Registry } from './engine/registry.ts';
import type { Toxic, ToxicAttributes } from './engine/toxic.ts';

/** A toxic as it is now. */
export interface ToxicFacts {
  readonly name: string;
  readonly type: string;
  readonly stream: Toxic['stream'];
  readonly attributes: ToxicAttributes;
  readonly toxicity: number;
  readonly only: Selector | undefined;
  /** How often it struck, on all connections. */
  readonly strikes: number;
}

/** A proxy of a running server. What is wrong with what it is given is thrown as an `ApiError` with a `status`. */
export class ProxyHandle {
  readonly #proxy: FaultProxy;
  readonly #registry: Registry;

  constructor(proxy: FaultProxy, registry: Registry) {
    this.#proxy = proxy;
    this.#registry = registry;
  }

  get name(): string {
    return this.#proxy.name;
  }

  /** `host:port`, resolved once it was started. */
  get listen(): string {
    return this.#proxy.listen;
  }

  /** Of `listen`. */
  get port(): number {
    return Number(this.listen.slice(this.listen.lastIndexOf(':') + 1));
  }

  get upstream(): string {
    return this.#proxy.upstream;
  }

  get enabled(): boolean {
    return this.#proxy.enabled;
  }

  /** Upstream toxics first, then downstream, then those of both directions, each in the order added. */
  get toxics(): readonly ToxicFacts[] {
    return this.#proxy.toxics.map(toFacts);
  }

  /** Those that are open. */
  get connections(): readonly ListedConnection[] {
    return this.#proxy.connections();
  }

  /** Moves, enables or disables it; connections end when it moves or is disabled. */
  async update(change: ProxyUpdate): Promise<void> {
    await this.#registry.update(this.#proxy, decodeProxyChange(jsonOf(change)));
  }

  /** Ends its connections and forgets it with its toxics. */
  remove(): Promise<void> {
    return this.#registry.remove(this.name);
  }

  /** Adds a toxic at the end of its chain, on open connections too. */
  addToxic<S extends AttributeSpecs>(definition: ToxicDefinition | OwnToxicDefinition<S>): ToxicFacts {
    const taken = new Set(this.#proxy.toxics.map(({ name }) => name));
    return toFacts(this.#proxy.addToxic(decodeToxic(toxicJson(definition), taken)));
  }

  updateToxic(name: string, change: ToxicUpdate): ToxicFacts {
    const toxic = this.#proxy.toxic(name);
    this.#proxy.updateToxic(toxic, decodeToxicChange(jsonOf(change), toxic));
    return toFacts(toxic);
  }

  removeToxic(name: string): void {
    this.#proxy.removeToxic(this.#proxy.toxic(name));
  }
}

/** @throws {ApiError} 400 or 409 */
export function toCreation(definition: ProxyDefinition): ProxyCreation {
  const { toxics = [], ...proxy } = definition;
  const json = jsonOf({
    listen: '127.0.0.1:0',
    ...proxy,
    toxics: Array.isArray(toxics) ? toxics.map(named) : toxics,
  });
  const creation = at(`proxy ${JSON.stringify(proxy.name)}`, () =>
    decodeCreation(json, { ignoresGivenToxics: false }),
  );
  assertComplete(creation);
  return creation;
}

function toFacts({ name, type, stream, attributes, toxicity, only, strikes }: Toxic): ToxicFacts {
  return { name, type: type.type, stream, attributes, toxicity, only, strikes };
}

/** @throws {ApiError} 400, as a client of the API is told */
export function assertToxic(definition: ToxicDefinition | OwnToxicDefinition): void {
  decodeToxic(toxicJson(definition));
}

function toxicJson(definition: ToxicDefinition | OwnToxicDefinition): Json {
  return jsonOf(named(definition));
}

/** Uses the API's decoder, so that a program gets the same errors as a client; the API knows types by name. */
function named(definition: ToxicDefinition | OwnToxicDefinition): object {
  const type: string | { readonly type: string } | undefined = definition?.type;
  return typeof type === 'object' ? { ...definition, type: type?.type } : definition;
}
