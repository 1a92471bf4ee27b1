/** Every kind of toxic by name. Adding one is a file beside this one and a line here. */

import type { ToxicType } from '../core/toxic-type.ts';
import { bandwidth } from './bandwidth.ts';
import { bandwidthShared } from './bandwidth-shared.ts';
import { blackhole } from './blackhole.ts';
import { corrupt } from './corrupt.ts';
import { cut } from './cut.ts';
import { halfOpen } from './half-open.ts';
import { httpBody } from './http-body.ts';
import { httpClose } from './http-close.ts';
import { httpDelay } from './http-delay.ts';
import { httpDuplicate } from './http-duplicate.ts';
import { httpHeaders } from './http-headers.ts';
import { httpLoseAnswer } from './http-lose-answer.ts';
import { httpRateLimit } from './http-rate-limit.ts';
import { httpStatus } from './http-status.ts';
import { http2GoAway } from './http2-goaway.ts';
import { http2LateAck } from './http2-late-ack.ts';
import { http2Reset } from './http2-reset.ts';
import { http2Stall } from './http2-stall.ts';
import { latency } from './latency.ts';
import { latencyDistribution } from './latency-distribution.ts';
import { lifetime } from './lifetime.ts';
import { limitData } from './limit-data.ts';
import { mysqlCut } from './mysql-cut.ts';
import { mysqlError } from './mysql-error.ts';
import { mysqlKillIdle } from './mysql-kill-idle.ts';
import { mysqlNoTls } from './mysql-no-tls.ts';
import { mysqlRefuse } from './mysql-refuse.ts';
import { mysqlSlowRows } from './mysql-slow-rows.ts';
import { mysqlStall } from './mysql-stall.ts';
import { networkProfile } from './network-profile.ts';
import { noop } from './noop.ts';
import { observe } from './observe.ts';
import { packetLoss } from './packet-loss.ts';
import { refuseConnection } from './refuse-connection.ts';
import { resetAfter } from './reset-after.ts';
import { resetIdle } from './reset-idle.ts';
import { resetPeer } from './reset-peer.ts';
import { silenceAccept } from './silence-accept.ts';
import { slicer } from './slicer.ts';
import { slowClose } from './slow-close.ts';
import { stall } from './stall.ts';
import { timeout } from './timeout.ts';
import { tlsAlert } from './tls-alert.ts';
import { tlsCorrupt } from './tls-corrupt.ts';
import { tlsCut } from './tls-cut.ts';
import { tlsTruncate } from './tls-truncate.ts';
import { wsClose } from './websocket-close.ts';
import { wsCut } from './websocket-cut.ts';
import { wsDamage } from './websocket-damage.ts';
import { wsDelay } from './websocket-delay.ts';
import { wsDrop } from './websocket-drop.ts';
import { wsFragment } from './websocket-fragment.ts';
import { wsNoCompression } from './websocket-no-compression.ts';
import { wsRefuse } from './websocket-refuse.ts';
import { wsStall } from './websocket-stall.ts';

/** Toxiproxy's eight, as it defines them. */
const toxiproxyTypes = [latency, bandwidth, slowClose, timeout, resetPeer, slicer, limitData, noop];
/** Our own. */
const furtherTypes = [
  bandwidthShared,
  blackhole,
  corrupt,
  cut,
  halfOpen,
  http2GoAway,
  http2LateAck,
  http2Reset,
  http2Stall,
  httpBody,
  httpClose,
  httpDelay,
  httpDuplicate,
  httpHeaders,
  httpLoseAnswer,
  httpRateLimit,
  httpStatus,
  latencyDistribution,
  lifetime,
  mysqlCut,
  mysqlError,
  mysqlKillIdle,
  mysqlNoTls,
  mysqlRefuse,
  mysqlSlowRows,
  mysqlStall,
  networkProfile,
  packetLoss,
  refuseConnection,
  resetAfter,
  resetIdle,
  silenceAccept,
  stall,
  tlsAlert,
  tlsCorrupt,
  tlsCut,
  tlsTruncate,
  observe,
  wsClose,
  wsCut,
  wsDamage,
  wsDelay,
  wsDrop,
  wsFragment,
  wsNoCompression,
  wsRefuse,
  wsStall,
];

/** Each kind, with the attributes it has. */
export type KnownToxicType = (typeof toxiproxyTypes | typeof furtherTypes)[number];

const types = new Map<string, ToxicType>(
  [...toxiproxyTypes, ...furtherTypes].map((type) => [type.type, type]),
);

/** Those that Toxiproxy has too. */
export const toxiproxyTypeNames: ReadonlySet<string> = new Set(toxiproxyTypes.map(({ type }) => type));

export const toxicTypes: ReadonlyMap<string, ToxicType> = types;

/** Offers a kind of toxic of one's own to every proxy of this process. */
export function registerToxic(type: ToxicType): void {
  if (types.has(type.type)) throw new Error(`There is a toxic of the type ${type.type} already`);
  types.set(type.type, type);
}
