import * as z from 'zod';
import { everyWorld, type Fault } from './fault.ts';
import { checked, text } from './params.ts';

/** A name that no longer resolves: `ENOTFOUND` says there is none, `EAI_AGAIN` that no resolver answers (R2.1). */
export function unresolvableName(host: string, code: ResolverError = 'ENOTFOUND'): Fault {
  return checked('unresolvable_name', { host, code }, { host: text, code: z.enum(codes) }, unresolved);
}

const codes = ['ENOTFOUND', 'EAI_AGAIN'] as const;
type ResolverError = (typeof codes)[number];

function unresolved({ host, code }: { host: string; code: ResolverError }): Fault {
  return {
    kind: 'unresolvable_name',
    place: 'name',
    params: { host, code },
    worlds: everyWorld,
    install: async (context) => context.names.fail(host, code, (reason) => context.strike(reason, { host })),
  };
}
