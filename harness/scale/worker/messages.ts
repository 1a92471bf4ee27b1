/** What a worker says of itself to whoever began the run. */
import type { JsonObject } from '../../journal/fields.ts';

/** Milliseconds between two statuses. */
export const statusEveryMs = 1_000;

export interface WorkerStatus {
  readonly worker: string;
  readonly host: string;
  /** Model of its processor. */
  readonly cpu: string;
  readonly cores: number;
  readonly slots: number;
  /** Load of the last minute, in running processes. */
  readonly load: number;
  /** Ids of the units that it is at. */
  readonly playing: readonly string[];
  /** Why it does not play this run. */
  readonly refuses?: string;
  /** What keeps it from going on at the moment. */
  readonly trouble?: string;
}

export const toMessage = (status: WorkerStatus): JsonObject => ({ status: { ...status } });

export function statusIn(message: JsonObject): WorkerStatus | undefined {
  const { status } = message;
  return typeof status === 'object' && status !== null && 'worker' in status
    ? (status as unknown as WorkerStatus)
    : undefined;
}
