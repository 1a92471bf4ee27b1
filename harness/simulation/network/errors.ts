/** What the system answers, as libuv's numbers: they are negative error numbers, and differ from system to system. */
import { constants } from 'node:os';

const { errno } = constants;

export const addressInUse = -errno.EADDRINUSE;
export const connectionRefused = -errno.ECONNREFUSED;
export const connectionReset = -errno.ECONNRESET;
export const notConnected = -errno.ENOTCONN;
export const brokenPipe = -errno.EPIPE;
export const timedOut = -errno.ETIMEDOUT;
export const cancelled = -errno.ECANCELED;
