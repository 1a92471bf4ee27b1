/**
 * A link in the containers world: two proxies, one behind the other.
 *
 *     client ──► front (the lab's own proxy) ──► Toxiproxy ──► server
 *
 * What Toxiproxy's toxics can express is given to it, with a witness in the front that sees the effect; what needs knowledge
 * of a protocol, a selector of connections, or the seed, the front makes itself.
 */
import type { Engine, FaultableLink, Lift, LinkToxic } from '../../faults/fault.ts';
import { linkToxic } from '../../faults/toxic.ts';
import type { LinkProxy } from '../link-proxy.ts';

/** What a link is made of. */
export interface ChainedLinkOptions {
  readonly name: string;
  /** Where clients connect to: the front. */
  readonly host: string;
  readonly front: LinkProxy;
  readonly toxiproxy: LinkProxy;
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
    async addToxic(id, toxic): Promise<Lift> {
      const sight = expressible(toxic);
      engines.set(id, sight === undefined ? 'shaketable' : 'toxiproxy');
      if (sight === undefined) return front.addToxic(id, toxic);
      const { stream = 'downstream', type } = toxic;
      const watched = await front.addToxic(
        id,
        linkToxic({ type: 'observe', stream, attributes: { ...sight } }),
      );
      const lift = await toxiproxy.addToxic(id, toxic);
      await onToxic(id, type.type);
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

/** The effects that the front can see, and the figure by which it knows each. */
interface Sight {
  readonly of: 'latency' | 'bandwidth' | 'slicer' | 'limit_data';
  readonly amount: number;
}

/**
 * What the front sees of the effect, if Toxiproxy's toxic makes it as described: on every connection, without chance,
 * which it does not take from the seed, and where the front can see it.
 */
function expressible({
  type: { type },
  stream,
  toxicity = 1,
  attributes = {},
  only,
}: LinkToxic): Sight | undefined {
  if (only !== undefined || toxicity !== 1 || stream === 'both') return undefined;
  const { latency, jitter, rate, average_size, size_variation, delay, bytes } = attributes;
  switch (type) {
    case 'latency':
      return jitter === 0 ? { of: type, amount: Number(latency) } : undefined;
    case 'bandwidth':
      return { of: type, amount: Number(rate) };
    case 'limit_data':
      return { of: type, amount: Number(bytes) };
    case 'slicer':
      // Pieces without a wait between them arrive as one, and nobody can tell.
      return size_variation === 0 && stream !== 'upstream' && Number(delay) >= 1_000
        ? { of: type, amount: Number(average_size) }
        : undefined;
    default:
      return undefined;
  }
}
