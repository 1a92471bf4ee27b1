/**
 * Faults on a link are toxics of the fault proxy. A scenario gives durations in lab milliseconds; the proxy works in real
 * ones, so they are divided by the pace here, in one place.
 */
import type { JsonObject } from '../journal/entry.ts';
import { type ConnectionSelector, everyRealWorld, type Fault, type ToxicBody } from './fault.ts';

/** What every fault on a link takes besides its own parameters. */
export interface LinkFaultOptions {
  /** Which connections; default all. */
  only?: ConnectionSelector;
}

/** Makes a link fault: `body` gets a function that turns lab milliseconds into real ones. */
export function toxicFault(
  kind: string,
  params: JsonObject & LinkFaultOptions,
  body: (realMs: (labMs: number) => number) => Omit<ToxicBody, 'only'>,
): Fault {
  return {
    kind,
    place: 'link',
    params,
    worlds: everyRealWorld,
    install: async (context) => {
      const toxic = body((labMs) => Math.max(1, Math.round(labMs / context.pace)));
      return context.link().addToxic(context.id, { ...toxic, ...(params.only ? { only: params.only } : {}) });
    },
  };
}
