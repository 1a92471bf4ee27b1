/**
 * How long an idle connection may be trusted. A server that announces its time-out would close the socket just when
 * the next request is on its way (nodejs/node#52649), so the agent retires it a margin earlier.
 */

/** For a server that announces nothing: shorter than the idle time-outs of usual proxies and address translators. */
const unannouncedIdleMs = 55_000;

const largestMarginMs = 1_000;
const marginShare = 0.25;

/** Milliseconds that a connection may lie idle before it is retired, given the answer's `Keep-Alive` header. */
export function idleLimitMs(keepAliveHeader: string | undefined): number {
  const announced = /(?:^|[\s,])timeout\s*=\s*"?(\d+)/i.exec(keepAliveHeader ?? '')?.[1];
  if (announced === undefined) return unannouncedIdleMs;
  const announcedMs = Number(announced) * 1_000;
  return announcedMs - Math.min(largestMarginMs, announcedMs * marginShare);
}
