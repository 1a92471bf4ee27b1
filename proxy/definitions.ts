/** Proxies and toxics as they are written down: in a program, in a configuration file, in a request. */

import type { AttributeValues } from './core/attributes.ts';
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
  readonly toxics?: readonly ToxicDefinition[];
  /** The proxy answers TLS handshakes itself, so that toxics see what is inside. @default false, TLS passes as it is */
  readonly tls?: Partial<TlsSettings> | boolean;
}

/** What an update of a proxy names; the rest stays. */
export type ProxyUpdate = Partial<Pick<ProxyDefinition, 'listen' | 'upstream' | 'enabled' | 'tls'>>;

/** A toxic to be added, of any type there is. */
export type ToxicDefinition = DefinitionOf<KnownToxicType>;

/** What an update of a toxic names; the rest stays. */
export interface ToxicUpdate {
  readonly attributes?: Readonly<Record<string, number | string | boolean>>;
  readonly toxicity?: number;
  readonly only?: Selector;
}

type DefinitionOf<K> =
  K extends ToxicType<infer T, infer S>
    ? Omit<ToxicUpdate, 'attributes'> & {
        readonly type: T;
        /** @default `TYPE_STREAM` */
        readonly name?: string;
        /** @default 'downstream' */
        readonly stream?: ToxicStream;
        /** @default each attribute its own */
        readonly attributes?: Partial<AttributeValues<S>>;
      }
    : never;
