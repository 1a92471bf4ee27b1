/** How often each operation took effect, for a server that has no database to ask. */
import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** What a request did, as the journal has it. */
export interface Effect {
  /** What tells the operation from others. */
  readonly operation: string;
  readonly effect: 'applied' | 'duplicate';
  readonly idempotencyKey?: string;
}

/** Keys that are remembered; a subject that makes more has long been judged. */
const mostKeys = 100_000;

export class Effects {
  readonly #keys = new Set<string>();

  /**
   * The effect of a request. With a key in a header it takes effect once, however often it comes; without, each time, and the body tells
   * which operation that was.
   */
  of(wanted: string, headers: IncomingHttpHeaders, body: Buffer): Effect {
    const header = wanted.startsWith('header:')
      ? wanted.slice('header:'.length).toLowerCase()
      : 'idempotency-key';
    const key = headers[header];
    const operation = operationOf(wanted, key, body);
    if (typeof key !== 'string') return { operation, effect: 'applied' };
    const isKnown = this.#keys.has(key);
    if (this.#keys.size < mostKeys) this.#keys.add(key);
    return { operation, effect: isKnown ? 'duplicate' : 'applied', idempotencyKey: key };
  }
}

function operationOf(wanted: string, key: string | string[] | undefined, body: Buffer): string {
  if (wanted.startsWith('header:') && typeof key === 'string') return key;
  const field = wanted.startsWith('body:') ? wanted.slice('body:'.length) : undefined;
  const value = field === undefined ? undefined : valueAt(body, field);
  if (value !== undefined) return typeof value === 'string' ? value : JSON.stringify(value);
  return createHash('sha256').update(body).digest('hex').slice(0, 16);
}

function valueAt(body: Buffer, path: string): unknown {
  try {
    let value: unknown = JSON.parse(body.toString('utf8'));
    for (const key of path.split('.')) value = (value as Record<string, unknown> | null)?.[key];
    return value ?? undefined;
  } catch {
    return undefined;
  }
}
