import { everyRealWorld, type Fault } from './fault.ts';

/** A name that no longer resolves: `ENOTFOUND` says there is none, `EAI_AGAIN` that no resolver answers (R2.1). */
export function unresolvableName(host: string, code: 'ENOTFOUND' | 'EAI_AGAIN' = 'ENOTFOUND'): Fault {
  return {
    kind: 'unresolvable_name',
    place: 'name',
    params: { host, code },
    worlds: everyRealWorld,
    install: async (context) => context.names.fail(host, code, (reason) => context.strike(reason, { host })),
  };
}
