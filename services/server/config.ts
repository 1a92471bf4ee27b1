/**
 * The server's configuration, read from the environment in this one place. Variables give durations in seconds and
 * sizes in bytes; inside, durations are milliseconds of the server's clock.
 */

import { type Environment, readEnvironment } from './environment.ts';
import { type LogLevel, logLevels } from './log.ts';

export interface TlsIdentity {
  /** Certificate chain, PEM. */
  readonly cert: string;
  /** Private key, PEM. */
  readonly key: string;
}

export interface DatabaseConfig {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly name: string;
  /** PEM of the authority that must have signed the database's certificate; without it the connection is plain. */
  readonly ca?: string | undefined;
  readonly poolSize: number;
  /** Longest time for one operation, waiting for a connection included. */
  readonly operationTimeoutMs: number;
}

export interface AuthConfig {
  /** 0 looks up each token when it comes. */
  readonly cacheTtlMs: number;
  /** How an expired cache is renewed; `in_place` has the race of R1.6, `atomic` has not. */
  readonly cacheRefresh: 'atomic' | 'in_place';
}

export interface WebSocketConfig {
  /** 0 sends no pings. */
  readonly pingIntervalMs: number;
  readonly maxMessageBytes: number;
  /** A connection with more than this waiting to be sent is dropped. */
  readonly maxBufferedBytes: number;
}

export interface ServerConfig {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Without it the server speaks plain HTTP. */
  readonly tls?: TlsIdentity | undefined;
  readonly database: DatabaseConfig;
  readonly auth: AuthConfig;
  readonly webSocket: WebSocketConfig;
  /** An agent that is silent for longer is marked offline. */
  readonly heartbeatTimeoutMs: number;
  /** An idle connection is closed after this. */
  readonly keepAliveTimeoutMs: number;
  /** From the opening of a connection to the end of its first request's head. */
  readonly headersTimeoutMs: number;
  /** From a request's head to the end of its body. */
  readonly bodyTimeoutMs: number;
  /** Longest time for the database's part of a health check. */
  readonly healthTimeoutMs: number;
  /** The longest time that requests in progress get when the server stops. */
  readonly stopTimeoutMs: number;
  readonly maxConcurrentRequests: number;
  readonly maxWaitingRequests: number;
  readonly bodyLimitBytes: number;
  readonly log: { level: LogLevel; file?: string | undefined };
  /** Time as the program is to see it: `rate` times as fast as the wall clock, which it agrees with at `epochMs`. */
  readonly clock: { rate: number; epochMs?: number | undefined };
}

/** Every variable with its meaning and default, as `--help` shows them. */
export const configHelp = `\
DB_HOST (127.0.0.1)  DB_PORT (3306)  DB_USER (spotuser)  DB_PASSWORD ()  DB_NAME (spot_optimizer)
DB_CA_FILE ()                 PEM file; given, the database is spoken to over TLS and must be signed by it
DB_POOL_SIZE (10)             connections to the database
DB_OPERATION_TIMEOUT (60)     seconds for one database operation
HOST (127.0.0.1)  PORT (5000) where to listen; port 0 takes a free one
TLS_CERT_FILE ()  TLS_KEY_FILE ()   PEM files; without them plain HTTP
AGENT_HEARTBEAT_TIMEOUT (120) seconds until a silent agent is marked offline
AUTH_CACHE_TTL (0)            seconds that client tokens are kept; 0 looks up each one
AUTH_CACHE_REFRESH (atomic)   atomic or in_place
MAX_CONCURRENT_REQUESTS (100) further requests wait in line
MAX_WAITING_REQUESTS (1000)   further requests are answered 503
REQUEST_BODY_LIMIT (1048576)  bytes
KEEP_ALIVE_TIMEOUT (5)        seconds until an idle connection is closed
HEADERS_TIMEOUT (60)          seconds for a connection's first request head
BODY_TIMEOUT (60)             seconds for a request's body
HEALTH_TIMEOUT (2)            seconds for the database's part of a health check
STOP_TIMEOUT (5)              seconds for requests under way when the server stops
WS_PING_INTERVAL (30)         seconds between pings to WebSocket peers; 0 is off
WS_MAX_MESSAGE (65536)        bytes of one WebSocket message
WS_MAX_BUFFERED (1048576)     bytes waiting for a slow WebSocket peer before it is dropped
LOG_LEVEL (info)              ${logLevels.join(', ')}
LOG_FILE ()                   a file to append to; without it standard output
CLOCK_RATE (1)                how many seconds pass for the server in a real one; for trials that take no days
CLOCK_EPOCH ()                seconds since 1970 at which its clock reads as the wall clock does; default its start`;

/** Reads the configuration; throws a `ConfigError` that names each variable that is wrong. */
export function readConfig(env: Environment): ServerConfig {
  const read = readEnvironment(env);
  const config: ServerConfig = {
    host: read.text('HOST', '127.0.0.1'),
    port: read.integer('PORT', { fallback: 5000, min: 0, max: 65_535 }),
    tls: readTls(read),
    database: readDatabase(read),
    auth: {
      cacheTtlMs: read.seconds('AUTH_CACHE_TTL', { fallback: 0, min: 0, max: 86_400 }),
      cacheRefresh: read.choice('AUTH_CACHE_REFRESH', ['atomic', 'in_place'], 'atomic'),
    },
    webSocket: {
      pingIntervalMs: read.seconds('WS_PING_INTERVAL', { fallback: 30, min: 0, max: 3600 }),
      maxMessageBytes: read.integer('WS_MAX_MESSAGE', { fallback: 65_536, min: 128, max: 104_857_600 }),
      maxBufferedBytes: read.integer('WS_MAX_BUFFERED', {
        fallback: 1_048_576,
        min: 128,
        max: 1_073_741_824,
      }),
    },
    heartbeatTimeoutMs: read.seconds('AGENT_HEARTBEAT_TIMEOUT', { fallback: 120, min: 1, max: 86_400 }),
    keepAliveTimeoutMs: read.seconds('KEEP_ALIVE_TIMEOUT', { fallback: 5, min: 0.001, max: 86_400 }),
    headersTimeoutMs: read.seconds('HEADERS_TIMEOUT', { fallback: 60, min: 0.001, max: 86_400 }),
    bodyTimeoutMs: read.seconds('BODY_TIMEOUT', { fallback: 60, min: 0.001, max: 86_400 }),
    healthTimeoutMs: read.seconds('HEALTH_TIMEOUT', { fallback: 2, min: 0.001, max: 3600 }),
    stopTimeoutMs: read.seconds('STOP_TIMEOUT', { fallback: 5, min: 0, max: 3600 }),
    maxConcurrentRequests: read.integer('MAX_CONCURRENT_REQUESTS', { fallback: 100, min: 1, max: 1_000_000 }),
    maxWaitingRequests: read.integer('MAX_WAITING_REQUESTS', { fallback: 1000, min: 0, max: 1_000_000 }),
    bodyLimitBytes: read.integer('REQUEST_BODY_LIMIT', { fallback: 1_048_576, min: 1, max: 1_073_741_824 }),
    log: { level: read.choice('LOG_LEVEL', logLevels, 'info'), file: read.optional('LOG_FILE') },
    clock: {
      rate: read.factor('CLOCK_RATE', { fallback: 1, min: 0.001, max: 10_000 }),
      epochMs: read.optionalSeconds('CLOCK_EPOCH', { min: 0, max: 100_000_000_000 }),
    },
  };
  read.finish();
  return config;
}

type Reader = ReturnType<typeof readEnvironment>;

function readDatabase(read: Reader): DatabaseConfig {
  return {
    host: read.text('DB_HOST', '127.0.0.1'),
    port: read.integer('DB_PORT', { fallback: 3306, min: 1, max: 65_535 }),
    user: read.text('DB_USER', 'spotuser'),
    password: read.text('DB_PASSWORD', ''),
    name: read.text('DB_NAME', 'spot_optimizer'),
    ca: read.file('DB_CA_FILE'),
    poolSize: read.integer('DB_POOL_SIZE', { fallback: 10, min: 1, max: 1000 }),
    operationTimeoutMs: read.seconds('DB_OPERATION_TIMEOUT', { fallback: 60, min: 0.001, max: 3600 }),
  };
}

function readTls(read: Reader): TlsIdentity | undefined {
  const [certFile, keyFile] = [read.optional('TLS_CERT_FILE'), read.optional('TLS_KEY_FILE')];
  if ((certFile === undefined) !== (keyFile === undefined)) {
    const [set, missing] =
      certFile === undefined ? ['TLS_KEY_FILE', 'TLS_CERT_FILE'] : ['TLS_CERT_FILE', 'TLS_KEY_FILE'];
    read.problem(`${missing} is not set although ${set} is: expected both or neither`);
  }
  const [cert, key] = [read.file('TLS_CERT_FILE'), read.file('TLS_KEY_FILE')];
  return cert === undefined || key === undefined ? undefined : { cert, key };
}
