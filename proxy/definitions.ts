/** Proxies and toxics as they are written down: in a program, in a configuration file, in a request. */

import type { AttributeSpecs, AttributeValues } from './core/attributes.ts';
import type { Selector } from './core/selector.ts';
import type { ToxicStream, ToxicType } from './core/toxic-type.ts';
import type { TlsSettings } from './tls/settings.ts';
import type { KnownToxicType } from './toxics/index.ts';

/** A proxy to be created. */
export interface ProxyDefinition {
  readonly name: string;
  /** `host:port`. @default '127.0.0.1:0', a free port of loopback */
  readonly listen?: string;
  /** `host:port`; looked up for each connection. */
  readonly upstream: string;
  /** @default true */
  readonly enabled?: boolean;
  /** In force from the first connection. */
  readonly toxics?: readonly (ToxicDefinition | OwnToxicDefinition)[];
  /** The proxy answers TLS handshakes itself, so that toxics see what is inside. @default false, TLS passes as it is */
  readonly tls?: Partial<TlsSettings> | boolean;
}

/** What an update of a proxy names; the rest stays. */
export type ProxyUpdate = Partial<Pick<ProxyDefinition, 'listen' | 'upstream' | 'enabled' | 'tls'>>;

/** A toxic to be added, of a type that is built in. */
export type ToxicDefinition = DefinitionOf<KnownToxicType>;

/** A toxic to be added, of a type of one's own that was registered. */
export interface OwnToxicDefinition<S extends AttributeSpecs = AttributeSpecs> extends CommonDefinition {
  readonly type: ToxicType<string, S>;
  /** @default each attribute its own */
  readonly attributes?: Partial<AttributeValues<S>>;
}

/** What an update of a toxic names; the rest stays. */
export interface ToxicUpdate {
  readonly attributes?: Readonly<Record<string, number | string | boolean>>;
  readonly toxicity?: number;
  readonly only?: Selector;
}

/** What toxics of every type have. */
interface CommonDefinition {
  /** @default `TYPE_STREAM` */
  readonly name?: string;
  /** @default 'downstream' */
  readonly stream?: ToxicStream;
  /** The share of connections that it applies to, 0 to 1. @default 1 */
  readonly toxicity?: number;
  /** Which connections it applies to, and when. @default all, always */
  readonly only?: Selector;
}

type DefinitionOf<K> =
  K extends ToxicType<infer T, infer S>
    ? CommonDefinition & {
        readonly type: T;
        /** @default each attribute its own */
        readonly attributes?: Partial<AttributeValues<S>>;
      }
    : never;
