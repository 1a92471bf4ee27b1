/** Receives request bodies, within limits on each and on all that are under way. */
import type { IncomingMessage } from 'node:http';
import { bodyTooLarge, tooManyBodies } from '../core/api-error.ts';
import type { ApiLimits } from '../core/limits.ts';

export class BodyReader {
  readonly #limits: Pick<ApiLimits, 'bodyBytes' | 'bodiesBytes'>;
  #underWay = 0;

  constructor(limits: Pick<ApiLimits, 'bodyBytes' | 'bodiesBytes'>) {
    this.#limits = limits;
  }

  /** The body as text. What comes after an error is read and thrown away. @throws {ApiError} 413 or 503 */
  async read(request: IncomingMessage): Promise<string> {
    const { bodyBytes, bodiesBytes } = this.#limits;
    const parts: Buffer[] = [];
    let bytes = 0;
    try {
      for await (const part of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
        bytes += part.length;
        this.#underWay += part.length;
        if (bytes > bodyBytes) throw bodyTooLarge(bodyBytes);
        if (this.#underWay > bodiesBytes) throw tooManyBodies(bodiesBytes);
        parts.push(part);
      }
      return Buffer.concat(parts).toString('utf8');
    } finally {
      this.#underWay -= bytes;
    }
  }
}
