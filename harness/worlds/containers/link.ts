/**
 * A link in the containers world: two proxies, one behind the other.
 *
 *     client ──► front (the lab's own proxy) ──► Toxiproxy ──► server
 *
 * What Toxiproxy's toxics can express is given to it, with a witness in the front that sees the effect; what needs knowledge
 * of a protocol, a selector of connections, or the seed, the front makes itself.
 */
import type { Engine, FaultableLink, Lift, ToxicBody } from '../../faults/fault.ts';
import type { ApiProxy } from '../api-proxy.ts';

/** What a link is made of. */
export interface ChainedLinkOptions {
  readonly name: string;
  /** Where clients connect to: the front. */
  readonly host: string;
  readonly front: ApiProxy;
  readonly toxiproxy: ApiProxy;
  /** Told of a toxic that Toxiproxy got, before it is in force, and when it is. */
  readonly onToxic: (id: string, type: string) => Promise<void>;
}

/** Joins a front and a proxy of Toxiproxy to a link. */
export function chainedLink({ name, host, front, toxiproxy, onToxic }: ChainedLinkOptions): FaultableLink {
  const engines = new Map<string, Engine>();
  return {
    name,
    host,
    port: front.port,
    async addToxic(id, body): Promise<Lift> {
      const amount = expressible(body);
      engines.set(id, amount === undefined ? 'shaketable' : 'toxiproxy');
      if (amount === undefined) return front.addToxic(id, body);
      const { stream = 'downstream', type } = body;
      const watched = await front.addToxic(id, { type: 'observe', stream, attributes: { of: type, amount } });
      const lift = await toxiproxy.addToxic(id, body);
      await onToxic(id, type);
      // The witness goes first: it tells of those who are still waiting.
      return async () => {
        await watched();
        await lift();
      };
    },
    /** The front closes its port: behind an open one, a client would be accepted before it is refused. */
    setEnabled: (enabled) => front.setEnabled(enabled),
    engineOf: (id) => engines.get(id) ?? 'shaketable',
  };
}

/**
 * The figure by which a witness knows the effect, if Toxiproxy's toxic makes it as described: on every connection, without
 * chance, which it does not take from the seed, and where the front can see it.
 */
function expressible({ type, stream, toxicity = 1, attributes, only }: ToxicBody): number | undefined {
  if (only !== undefined || toxicity !== 1) return undefined;
  const { latency, jitter, rate, average_size, size_variation, delay, bytes } = attributes;
  switch (type) {
    case 'latency':
      return jitter === 0 ? Number(latency) : undefined;
    case 'bandwidth':
      return Number(rate);
    case 'limit_data':
      return Number(bytes);
    case 'slicer':
      // Pieces without a wait between them arrive as one, and nobody can tell.
      return size_variation === 0 && stream !== 'upstream' && Number(delay) >= 1_000
        ? Number(average_size)
        : undefined;
    default:
      return undefined;
  }
}
