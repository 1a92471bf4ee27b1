import { expect, it } from 'vitest';
import { configHelp, readConfig } from '../../../services/server/config.ts';
import { ConfigError } from '../../../services/server/environment.ts';

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

it('has the reported defaults', () => {
  const config = readConfig({});

  expect(config).toMatchObject({ port: 5000, heartbeatTimeoutMs: 120_000 });
  expect(config.database).toMatchObject({ port: 3306, user: 'spotuser', name: 'spot_optimizer' });
  expect(config.auth).toEqual({ cacheTtlMs: 0, cacheRefresh: 'atomic' });
  expect(config.tls).toBeUndefined();
});

it('reads the reported variables', () => {
  const config = readConfig({
    DB_HOST: 'db.example',
    DB_PORT: '3307',
    DB_USER: 'u',
    DB_PASSWORD: 'p',
    DB_NAME: 'n',
    AGENT_HEARTBEAT_TIMEOUT: '90',
    AUTH_CACHE_TTL: '0.5',
    AUTH_CACHE_REFRESH: 'in_place',
    LOG_LEVEL: 'DEBUG',
  });

  expect(config.database).toMatchObject({
    host: 'db.example',
    port: 3307,
    user: 'u',
    password: 'p',
    name: 'n',
  });
  expect(config.heartbeatTimeoutMs).toBe(90_000);
  expect(config.auth).toEqual({ cacheTtlMs: 500, cacheRefresh: 'in_place' });
  expect(config.log.level).toBe('debug');
});

it('takes an empty variable as one that is not set', () => {
  expect(readConfig({ PORT: '' }).port).toBe(5000);
});

it('names variable, value and what is expected for everything that is wrong, at once', () => {
  expect(problemsOf({ PORT: '70000', AGENT_HEARTBEAT_TIMEOUT: 'soon', AUTH_CACHE_REFRESH: 'lazy' })).toEqual([
    'PORT is "70000": expected a whole number from 0 to 65535',
    'AUTH_CACHE_REFRESH is "lazy": expected one of atomic, in_place',
    'AGENT_HEARTBEAT_TIMEOUT is "soon": expected a number of seconds from 1 to 86400',
  ]);
});

it.each(['1.5', '-1', '0x10', '1e3', ' 5', 'NaN', 'Infinity'])('refuses %j as a port', (value) => {
  expect(problemsOf({ PORT: value })).toHaveLength(1);
});

it('wants certificate and key together', () => {
  expect(problemsOf({ TLS_CERT_FILE: import.meta.filename })).toEqual([
    'TLS_KEY_FILE is not set although TLS_CERT_FILE is: expected both or neither',
  ]);
});

it('names the file that cannot be read', () => {
  const [problem] = problemsOf({ DB_CA_FILE: '/nowhere/ca.pem' });

  expect(problem).toMatch(/^DB_CA_FILE is "\/nowhere\/ca.pem": expected a readable file \(ENOENT/);
});

it('never shows the password', () => {
  const problems = problemsOf({ DB_PASSWORD: 'SpotUser2024!', PORT: 'x', DB_PORT: 'y' });

  expect(problems.join('\n')).not.toContain('SpotUser2024!');
});

it('explains in its help every variable that it reads', () => {
  const read = new Set<string>();
  const env = new Proxy({} as Record<string, string>, {
    get(_target, name) {
      if (typeof name === 'string') read.add(name);
      return undefined;
    },
  });
  readConfig(env);

  for (const name of read) expect(configHelp).toContain(`${name} (`);
});

it('runs on the wall clock unless told otherwise', () => {
  expect(readConfig({}).clock).toEqual({ rate: 1, epochMs: undefined });
  expect(readConfig({ CLOCK_RATE: '20', CLOCK_EPOCH: '1795333677.642' }).clock).toEqual({
    rate: 20,
    epochMs: 1_795_333_677_642,
  });
  expect(problemsOf({ CLOCK_RATE: '0' })).toHaveLength(1);
});
