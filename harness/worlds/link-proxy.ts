/** One proxy of a link: what the lab drives, whoever makes it and however it is spoken to. */
import { LabError } from '../errors.ts';
import type { Lift, LinkToxic } from '../faults/fault.ts';

export interface LinkProxy {
  readonly name: string;
  /** The port that it listens on. */
  readonly port: number;
  addToxic(id: string, toxic: LinkToxic): Promise<Lift>;
  setEnabled(enabled: boolean): Promise<void>;
  /** Without effect once it is gone. */
  remove(): Promise<void>;
}

/** What a proxy would not do, and why not. */
export function proxyRefused(what: string, cause: unknown): LabError {
  const message = (cause as { message?: unknown } | undefined)?.message ?? String(cause);
  return new LabError('LAB_PROXY_REFUSED', `The fault proxy would not ${what}: ${String(message)}`, {
    hint: 'Check the parameters of the fault against the table in docs/faults.md.',
    cause,
  });
}
