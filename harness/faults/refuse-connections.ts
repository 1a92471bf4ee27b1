import { everyWorld, type Fault } from './fault.ts';
import { checked, type None } from './params.ts';

/**
 * The port is closed and every open connection ends: the server is down (R2.1). What the subject then gets is the
 * kernel's own ECONNREFUSED; that it knocked is seen in its log.
 */
export function refuseConnections(options: None = {}): Fault {
  return checked('refuse_connections', options, {}, () => ({
    kind: 'refuse_connections',
    place: 'link',
    params: {},
    worlds: everyWorld,
    struckBy: { kind: 'agent.log', '*': { matches: 'ECONNREFUSED' } },
    install: async (context) => {
      const link = context.link();
      await link.setEnabled(false);
      return () => link.setEnabled(true);
    },
  }));
}
