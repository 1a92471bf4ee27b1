/** Error codes of HTTP/2 (RFC 9113, section 7) as attributes. */
import { type Attribute, integer } from '../../core/attributes.ts';
import { errorNames } from '../../protocols/http2-frames.ts';

const largestCode = 0xffff_ffff;

/** A code, known or not. */
export function errorCode(initial: (typeof errorNames)[number]): Attribute<number> {
  return { ...integer({ min: 0, max: largestCode }), initial: errorNames.indexOf(initial) };
}

/** Its name, or its number. */
export const errorName = (code: number): string => errorNames[code] ?? `error ${code}`;
