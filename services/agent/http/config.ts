/**
 * The agents' configuration, read from the environment in this one place (R2.11). Variables give durations in
 * seconds, as the reports do; inside, everything is milliseconds of the agent's clock.
 */
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Level } from '../shared/log.ts';

/** Everything an agent can be told. */
export interface AgentConfig {
  readonly serverUrl: string;
  readonly token: string;
  /** Stays the same over restarts; also names the machine in fleet reports. */
  readonly logicalAgentId: string;
  readonly instanceId: string;
  readonly region: string;
  readonly environment: 'development' | 'staging' | 'production';
  /** Time between two rounds of each loop; 0 switches the loop off. */
  readonly intervalsMs: Intervals;
  /** Bounds of one attempt: of the whole of it, and of connecting and the TLS handshake, each. */
  readonly timeoutsMs: { readonly request: number; readonly connect: number };
  readonly retry: { readonly attempts: number; readonly policy: 'quick' | 'capped' };
  /** PEM of the authority that signed the server's certificate; without it, those that Node trusts. */
  readonly ca?: string;
  readonly log: LogConfig;
}

/** Time between two rounds of each loop, in milliseconds. */
export interface Intervals {
  readonly heartbeat: number;
  readonly commands: number;
  readonly fleetReport: number;
  readonly health: number;
}

/** What is logged, and where to. */
export interface LogConfig {
  readonly level: Level;
  /** Without it, standard output. */
  readonly file?: string;
  readonly maxBytes: number;
  readonly maxFiles: number;
}

/** The variables with their meaning and default, as `--help` shows them. */
export const configHelp = `\
SPOT_OPTIMIZER_SERVER_URL     required: http:// or https:// URL of the server
SPOT_OPTIMIZER_CLIENT_TOKEN   required: the client token
SPOT_OPTIMIZER_CA_FILE ()     PEM file of the authority that signed the server's certificate
LOGICAL_AGENT_ID (host name)  stays the same over restarts
INSTANCE_ID (host name)       names this instance
AWS_REGION (us-east-1)
ENVIRONMENT (production)      development, staging or production
HEARTBEAT_INTERVAL (30)       seconds between heartbeats; 0 switches them off, here and below
PENDING_COMMANDS_CHECK_INTERVAL (15)
FLEET_REPORT_INTERVAL (5)
HEALTH_CHECK_INTERVAL (30)
REQUEST_TIMEOUT (30)          seconds for one attempt at a request
CONNECT_TIMEOUT (10)          seconds to connect, and again for the TLS handshake
RETRY_ATTEMPTS (3)            attempts at a request, the first one included
RETRY_POLICY (quick)          quick waits 0, 1, 2, 4 s; capped waits min(60 * 2^n, 300) s
LOG_LEVEL (INFO)              DEBUG, INFO, WARNING, ERROR or FATAL
LOG_FILE ()                   without it, standard output
LOG_MAX_BYTES (10485760)      size at which the log file is rotated
LOG_MAX_FILES (5)             log files kept, the newest included`;

/** The environment does not make a configuration. `problems` has a line for each variable: name, value, expected. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'AGENT_CONFIG_INVALID';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The configuration is not valid:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

/** Environment variables by name, such as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the configuration. Throws `ConfigError` with every problem there is, not only the first. */
export function readConfig(env: Environment): AgentConfig {
  const read = new Reader(env);
  const ca = read.certificateFile('SPOT_OPTIMIZER_CA_FILE');
  const config: AgentConfig = {
    serverUrl: read.url('SPOT_OPTIMIZER_SERVER_URL'),
    token: read.token('SPOT_OPTIMIZER_CLIENT_TOKEN'),
    logicalAgentId: read.optional('LOGICAL_AGENT_ID') ?? hostname(),
    instanceId: read.optional('INSTANCE_ID') ?? hostname(),
    region: read.optional('AWS_REGION') ?? 'us-east-1',
    environment: read.choice('ENVIRONMENT', ['development', 'staging', 'production'], 'production'),
    intervalsMs: readIntervals(read),
    timeoutsMs: {
      request: read.seconds('REQUEST_TIMEOUT', 30, 0.001),
      connect: read.seconds('CONNECT_TIMEOUT', 10, 0.001),
    },
    retry: {
      attempts: read.integer('RETRY_ATTEMPTS', 3, 1, 100),
      policy: read.choice('RETRY_POLICY', ['quick', 'capped'], 'quick'),
    },
    ...(ca !== undefined && { ca }),
    log: readLogConfig(read),
  };
  if (read.problems.length > 0) throw new ConfigError(read.problems);
  return config;
}

function readIntervals(read: Reader): Intervals {
  return {
    heartbeat: read.seconds('HEARTBEAT_INTERVAL', 30, 0),
    commands: read.seconds('PENDING_COMMANDS_CHECK_INTERVAL', 15, 0),
    fleetReport: read.seconds('FLEET_REPORT_INTERVAL', 5, 0),
    health: read.seconds('HEALTH_CHECK_INTERVAL', 30, 0),
  };
}

function readLogConfig(read: Reader): LogConfig {
  const levels = {
    DEBUG: 'debug',
    INFO: 'info',
    WARNING: 'warn',
    WARN: 'warn',
    ERROR: 'error',
    FATAL: 'fatal',
  };
  const file = read.optional('LOG_FILE');
  return {
    level: levels[read.choice('LOG_LEVEL', Object.keys(levels) as (keyof typeof levels)[], 'INFO')] as Level,
    ...(file !== undefined && { file }),
    maxBytes: read.integer('LOG_MAX_BYTES', 10_485_760, 1_024, 1_099_511_627_776),
    maxFiles: read.integer('LOG_MAX_FILES', 5, 1, 1_000),
  };
}

const longestSeconds = 86_400;

/** Reads variables one by one and remembers what is wrong with them. */
class Reader {
  readonly problems: string[] = [];
  readonly #env: Environment;

  constructor(env: Environment) {
    this.#env = env;
  }

  optional(name: string): string | undefined {
    return this.#env[name]?.trim() || undefined;
  }

  url(name: string): string {
    const text = this.#required(name, 'an http:// or https:// URL');
    const isUrl = URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
    if (text !== '' && !isUrl) this.#problem(name, text, 'an http:// or https:// URL');
    return text;
  }

  /** A token goes into a header, so it has to be printable ASCII without spaces. Its value is never shown. */
  token(name: string): string {
    const text = this.#required(name, 'a client token');
    if (!/^[\x21-\x7e]*$/.test(text))
      this.problems.push(`${name} is not usable: expected printable ASCII only`);
    return text;
  }

  /** The contents of a PEM file. */
  certificateFile(name: string): string | undefined {
    const file = this.optional(name);
    if (file === undefined) return undefined;
    const pem = readIfThere(file);
    if (!pem?.includes('-----BEGIN CERTIFICATE-----')) this.#problem(name, file, 'a readable PEM file');
    return pem;
  }

  seconds(name: string, fallback: number, least: number): number {
    return this.#number(name, fallback, (value) => value >= least && value <= longestSeconds, {
      expected: `seconds from ${least} to ${longestSeconds}`,
      factor: 1_000,
    });
  }

  integer(name: string, fallback: number, least: number, most: number): number {
    const isFine = (value: number): boolean => Number.isInteger(value) && value >= least && value <= most;
    return this.#number(name, fallback, isFine, {
      expected: `a whole number from ${least} to ${most}`,
      factor: 1,
    });
  }

  choice<const Choice extends string>(name: string, choices: readonly Choice[], fallback: Choice): Choice {
    const text = this.optional(name);
    if (text === undefined) return fallback;
    const found = choices.find((choice) => choice.toLowerCase() === text.toLowerCase());
    if (found === undefined) this.#problem(name, text, `one of ${choices.join(', ')}`);
    return found ?? fallback;
  }

  #required(name: string, expected: string): string {
    const text = this.optional(name);
    if (text === undefined) this.problems.push(`${name} is not set: expected ${expected}`);
    return text ?? '';
  }

  #number(
    name: string,
    fallback: number,
    isFine: (value: number) => boolean,
    { expected, factor }: { expected: string; factor: number },
  ): number {
    const text = this.optional(name);
    if (text === undefined) return fallback * factor;
    const value = Number(text);
    if (!isFine(value)) this.#problem(name, text, expected);
    return value * factor;
  }

  #problem(name: string, value: string, expected: string): void {
    this.problems.push(`${name} is ${JSON.stringify(value)}: expected ${expected}`);
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
