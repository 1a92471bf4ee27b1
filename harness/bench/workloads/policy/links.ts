/** What lies between the client and the server. */
import { close, defineToxic, fraction, pass, registerToxic, type ToxicDefinition } from 'shaketable-proxy';

/**
 * `reset_share`: each time something arrives from the server, the connection is reset by chance instead. A policy that has
 * more arrive for a request, as a handshake does, meets it more often, as it would in the field.
 */
const resetShare = defineToxic({
  type: 'reset_share',
  attributes: { share: fraction(0) },
  start: (context) => ({
    *chunk(chunk) {
      const hit = context.random.next() < context.attributes.share;
      const fact = { reason: 'reset by chance', bytes: chunk.bytes.length, delivered: false };
      if (hit && context.strike(fact)) yield close('reset');
      else yield pass(chunk);
    },
  }),
});

let registered = false;

/** Makes the toxics of these links known to the proxies of this process; may be called twice. */
export function registerLinkToxics(): void {
  if (!registered) registerToxic(resetShare);
  registered = true;
}

/** A link by name; `healthy` ones break nothing. */
export interface LinkKind {
  readonly name: string;
  readonly healthy: boolean;
  readonly toxics: readonly ToxicDefinition[];
}

export const links: readonly LinkKind[] = [
  { name: 'clean', healthy: true, toxics: [] },
  {
    name: '20 ± 5 ms',
    healthy: true,
    toxics: [
      { type: 'latency', name: 'there', stream: 'upstream', attributes: { latency: 10, jitter: 2 } },
      { type: 'latency', name: 'back', stream: 'downstream', attributes: { latency: 10, jitter: 3 } },
    ],
  },
  {
    name: '1 % resets',
    healthy: false,
    // The proxy's own types are known to its definition; this one is registered above.
    toxics: [{ type: 'reset_share', attributes: { share: 0.01 } } as unknown as ToxicDefinition],
  },
  {
    name: '30 % cut',
    healthy: false,
    toxics: [{ type: 'tls_cut', attributes: { stage: 'server_hello', action: 'reset', share: 0.3 } }],
  },
];
