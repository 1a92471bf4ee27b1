/** How the length of a message's body is known (RFC 9112, section 6.3). */
import { type HttpField, type HttpRequestHead, type HttpResponseHead, listOf } from './http-head.ts';

/**
 * What follows a head: nothing, so many bytes, chunks, everything up to the sender's FIN, or no HTTP any more (after
 * CONNECT and `101 Switching Protocols`).
 */
export type HttpFraming =
  | { readonly kind: 'none' | 'chunked' | 'until-close' | 'tunnel' }
  | { readonly kind: 'length'; readonly bytes: number };

/** Undefined when the head contradicts itself. */
export function requestFraming(head: HttpRequestHead): HttpFraming | undefined {
  if (head.method === 'CONNECT') return { kind: 'tunnel' };
  const codings = transferCodings(head);
  if (codings.length > 0) return codings.at(-1) === 'chunked' ? { kind: 'chunked' } : undefined;
  const length = contentLength(head);
  return length === null ? { kind: 'none' } : length;
}

/** `request` is what is answered, where that is known. Undefined when the head contradicts itself. */
export function responseFraming(
  head: HttpResponseHead,
  request: HttpRequestHead | undefined,
): HttpFraming | undefined {
  if (head.status === 101 || (request?.method === 'CONNECT' && isSuccess(head))) return { kind: 'tunnel' };
  if (request?.method === 'HEAD' || hasNoContent(head.status)) return { kind: 'none' };
  const codings = transferCodings(head);
  if (codings.length > 0) return { kind: codings.at(-1) === 'chunked' ? 'chunked' : 'until-close' };
  const length = contentLength(head);
  return length === null ? { kind: 'until-close' } : length;
}

/** Statuses whose responses never have content (RFC 9110, section 6.4.1). */
export function hasNoContent(status: number): boolean {
  return status < 200 || status === 204 || status === 304;
}

const isSuccess = ({ status }: HttpResponseHead): boolean => status >= 200 && status < 300;

interface Fields {
  readonly fields: readonly HttpField[];
}

const transferCodings = (head: Fields): string[] =>
  listOf(head, 'transfer-encoding').filter((coding) => coding !== 'identity');

/** Null without the field, undefined when it is no length or several. */
function contentLength(head: Fields): HttpFraming | null | undefined {
  const [text, ...others] = new Set(listOf(head, 'content-length'));
  if (text === undefined) return null;
  const bytes = Number(text);
  if (others.length > 0 || !/^\d+$/.test(text) || !Number.isSafeInteger(bytes)) return undefined;
  return bytes === 0 ? { kind: 'none' } : { kind: 'length', bytes };
}
