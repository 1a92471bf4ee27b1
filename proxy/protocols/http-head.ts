/**
 * The head of an HTTP/1.x message: its start line and fields (RFC 9112, sections 3 to 5). Read tolerantly, since a
 * server that is tested may send anything: lines may end in LF alone, empty lines before the start line are skipped, so
 * are lines that are no field.
 */
import { METHODS } from '../core/node-http.ts';

/** A field: its name in lower case, its value without white space around it. */
export type HttpField = readonly [name: string, value: string];

export interface HttpRequestHead {
  readonly method: string;
  /** As on the wire: `/path?query`, `http://host/path`, `host:port` or `*`. */
  readonly target: string;
  /** 0 for HTTP/1.0, 1 for HTTP/1.1. */
  readonly minorVersion: number;
  readonly fields: readonly HttpField[];
}

export interface HttpResponseHead {
  readonly status: number;
  readonly minorVersion: number;
  readonly fields: readonly HttpField[];
}

const requestLine = /^(\S+) (\S.*) HTTP\/1\.(\d)$/;
const statusLine = /^HTTP\/1\.(\d) (\d{3})(?: .*)?$/;
/** Of a longer line only so much is looked at. */
const longestFirstLine = 8_192;
/** How a request begins, methods in capitals as all that are registered; HTTP/2 begins with `PRI *`. */
const requestBegin = /^(?!PRI )[A-Z][A-Z-]{0,30} (?:\/|\*|https?:\/\/|[\w.-]+:\d)/;

/** What the first bytes of a message say of it; `possible` is the beginning of too short a line. */
export type HttpBeginning = 'certain' | 'possible' | 'none';

const statusBegin = 'HTTP/1.';

/** Judges the first bytes of what may be a request, as far as they are there. */
export function requestBeginning(bytes: Buffer): HttpBeginning {
  const [line = '', rest] = firstLine(bytes);
  if (rest !== undefined) return requestLine.test(line) ? 'certain' : 'none';
  if (requestBegin.test(line)) return beginsWithMethod(line) ? 'certain' : 'possible';
  const [method = '', target] = line.split(' ', 2);
  if (target !== undefined)
    return METHODS.includes(method) && /^[\w.:/-]*$/.test(target) ? 'possible' : 'none';
  return METHODS.some((known) => known.startsWith(method)) ? 'possible' : 'none';
}

/** Judges the first bytes of what may be a response, as far as they are there. */
export function responseBeginning(bytes: Buffer): HttpBeginning {
  const [line = '', rest] = firstLine(bytes);
  if (rest !== undefined) return statusLine.test(line) ? 'certain' : 'none';
  if (line.startsWith(statusBegin)) return 'certain';
  return statusBegin.startsWith(line) ? 'possible' : 'none';
}

/** The first line, and something after it if it is whole. */
function firstLine(bytes: Buffer): string[] {
  return bytes.toString('latin1', 0, longestFirstLine).split(/\r?\n/, 2);
}

/** Whether bytes are the beginning of an HTTP/1.x request: its whole first line, or as much of it as has a known method. */
export function looksLikeHttp(bytes: Buffer): boolean {
  const [line = '', rest] = firstLine(bytes);
  return requestBegin.test(line) && (rest === undefined ? beginsWithMethod(line) : requestLine.test(line));
}

/** Any capital and a slash stand in every stream of bytes sooner or later. */
const beginsWithMethod = (line: string): boolean => METHODS.includes(line.slice(0, line.indexOf(' ')));

/** Reads a whole head; undefined when it does not begin like a request of HTTP/1.x. */
export function parseRequestHead(bytes: Buffer): HttpRequestHead | undefined {
  const { startLine, fields } = readLines(bytes);
  const [, method, target, version] = requestLine.exec(startLine) ?? [];
  if (method === undefined || target === undefined) return undefined;
  return { method, target, minorVersion: Number(version), fields };
}

/** Reads a whole head; undefined when it does not begin like a response of HTTP/1.x. */
export function parseResponseHead(bytes: Buffer): HttpResponseHead | undefined {
  const { startLine, fields } = readLines(bytes);
  const [, version, status] = statusLine.exec(startLine) ?? [];
  return status === undefined ? undefined : { status: Number(status), minorVersion: Number(version), fields };
}

/** The elements of all fields of that name (RFC 9110, section 5.6.1), in lower case. */
export function listOf(head: { readonly fields: readonly HttpField[] }, name: string): string[] {
  return head.fields
    .filter(([candidate]) => candidate === name)
    .flatMap(([, value]) => value.split(','))
    .map((element) => element.trim().toLowerCase())
    .filter((element) => element !== '');
}

/** Whether the connection ends after this message (RFC 9112, section 9.3). */
export function announcesClose(head: HttpRequestHead | HttpResponseHead): boolean {
  const options = listOf(head, 'connection');
  return options.includes('close') || (head.minorVersion === 0 && !options.includes('keep-alive'));
}

function readLines(bytes: Buffer): { startLine: string; fields: HttpField[] } {
  const unfolded = bytes.toString('latin1').replace(/\r?\n[ \t]+(?=\S)/g, ' ');
  const [startLine = '', ...lines] = unfolded.split(/\r?\n/).filter((line) => line !== '');
  return { startLine, fields: lines.flatMap(readField) };
}

function readField(line: string): HttpField[] {
  const colon = line.indexOf(':');
  return colon > 0 ? [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]] : [];
}
