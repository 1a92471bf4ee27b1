/**
 * Tells which protocol a connection speaks from the first bytes of each side, then takes itself off. A connection that
 * begins like TLS is handed to the TLS tap. It only reports; a toxic that depends on the protocol reads
 * the protocol itself.
 */
import type { Clock } from '../core/clock.ts';
import type { Protocol } from '../core/connection-facts.ts';
import type { ProxyEventFacts, Stream } from '../core/events.ts';
import { frameHeaderBytes } from './http2-frames.ts';
import { beginsLikeSettings, clientPreface } from './http2-recognition.ts';
import { canBecomeGreeting, looksLikeMysql } from './mysql-login.ts';
import { contentType } from './tls-records.ts';
import { type TapPoint, type TlsTap, tapTls } from './tls-tap.ts';

/** What a tap on a connection has found so far. */
export interface ConnectionTap extends TlsTap {
  /** Undefined until enough was seen. */
  readonly protocol: Protocol | undefined;
}

/** An HTTP head that is longer tells no more. */
const longestHead = 8 * 1024;
/** RFC 9110, section 9.3, and PATCH (RFC 5789), each followed by a space. */
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT'].map(
  (method) => `${method} `,
);

/** Puts a tap on both directions of a connection. */
export function tapConnection(
  points: Readonly<Record<Stream, TapPoint>>,
  clock: Clock,
  emit: (facts: ProxyEventFacts) => void,
): ConnectionTap {
  let protocol: Protocol | undefined;
  let tls: TlsTap | undefined;
  let speaker: Stream | undefined;
  let head: Buffer = Buffer.alloc(0);

  const decide = (found: Protocol): void => {
    protocol = found;
    head = Buffer.alloc(0);
    for (const point of [points.upstream, points.downstream]) point.onArrival = undefined;
  };
  const look = (stream: Stream, bytes: Buffer): void => {
    speaker ??= stream;
    if (speaker === stream) head = head.length === 0 ? bytes : Buffer.concat([head, bytes]);
    const answered = speaker !== stream;
    const found = speaker === 'upstream' ? clientSpeaks(head, answered) : serverSpeaks(head, answered);
    if (found === undefined) return;
    decide(found);
    if (found !== 'tls') return;
    tls = tapTls(points, clock, emit);
    points[stream].onArrival?.(bytes);
  };
  points.upstream.onArrival = (bytes) => look('upstream', bytes);
  points.downstream.onArrival = (bytes) => look('downstream', bytes);

  return {
    get protocol() {
      return protocol;
    },
    ended: () => tls?.ended(),
  };
}

/**
 * By what the client said first; undefined while more is needed and nothing was `answered`. One byte tells TLS, so that
 * its tap misses none.
 */
function clientSpeaks(head: Buffer, answered: boolean): Protocol | undefined {
  if (head[0] === contentType.handshake) return 'tls';
  const preface = head.subarray(0, clientPreface.length);
  if (preface.equals(clientPreface)) return 'http2';
  const begins = clientPreface.subarray(0, preface.length).equals(preface);
  if (begins && preface.length > 1) return answered ? 'unknown' : undefined;
  const text = head.toString('latin1', 0, longestHead);
  if (!methods.some((method) => text.startsWith(method))) {
    return methods.some((method) => method.startsWith(text)) && !answered ? undefined : 'unknown';
  }
  if (/\r\nupgrade:[ \t]*websocket[ \t]*\r\n/i.test(text)) return 'websocket';
  const whole = text.includes('\r\n\r\n') || text.length === longestHead;
  return whole || answered ? 'http' : undefined;
}

/** By what the server said before the client said anything. */
function serverSpeaks(head: Buffer, answered: boolean): Protocol | undefined {
  if (looksLikeMysql(head)) return 'mysql';
  const settings = beginsLikeSettings(head);
  if (settings && head.length >= frameHeaderBytes) return 'http2';
  return (canBecomeGreeting(head) || settings) && !answered ? undefined : 'unknown';
}
