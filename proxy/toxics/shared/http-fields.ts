/** Fields that users give as text, one a line, and how they are written into a head (RFC 9110, section 5). */

import { invalidAttribute } from '../../core/api-error.ts';

const fieldLine = /^[\w!#$%&'*+.^`|~-]+:[\x20-\x7e]*$/;
const fieldName = /^[\w!#$%&'*+.^`|~-]+$/;

/** The lines of a text that are not empty. */
export const linesOf = (text: string): string[] => text.split(/\r?\n/).filter((line) => line !== '');

/** @throws {ApiError} 400 for what could not stand in a head */
export function checkFields(fields: string): void {
  if (linesOf(fields).every((line) => fieldLine.test(line))) return;
  throw invalidAttribute('fields', 'lines of ASCII as Name: value', JSON.stringify(fields));
}

/** @throws {ApiError} 400 for what could not name a field */
export function checkFieldNames(fields: string): void {
  if (linesOf(fields).every((line) => fieldName.test(line))) return;
  throw invalidAttribute('fields', 'names of fields, one a line', JSON.stringify(fields));
}

/** A value as it is written at `now`, epoch ms: `date+120` and `date-120` are the date so many seconds from now. */
export function fieldValue(value: string, now: number): string {
  const [, seconds] = /^date([+-]\d{1,12})$/.exec(value) ?? [];
  return seconds === undefined ? value : httpDate(now + Number(seconds) * 1_000);
}

/** RFC 9110, section 5.6.7. */
export const httpDate = (epochMs: number): string => new Date(epochMs).toUTCString();

/** The head with lines, each of them with its end, behind the last field. */
export function withLines(head: Buffer, lines: string): Buffer {
  const text = head.toString('latin1');
  const end = text.search(/\r?\n$/);
  return Buffer.from(`${text.slice(0, end)}${lines}${text.slice(end)}`, 'latin1');
}

/** The head without the fields of a name, in any case, with the lines that continue them. */
export function withoutField(head: Buffer, name: string): Buffer {
  const literal = name.replace(/[^\w-]/g, '\\$&');
  const field = new RegExp(`^${literal}[ \\t]*:[^\\n]*\\n(?:[ \\t]+[^\\n]*\\n)*`, 'gim');
  return Buffer.from(head.toString('latin1').replace(field, ''), 'latin1');
}
