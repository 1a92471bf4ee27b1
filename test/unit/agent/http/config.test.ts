import { expect, it } from 'vitest';
import { ConfigError, readConfig } from '../../../../services/agent/http/config.ts';

const required = { SPOT_OPTIMIZER_SERVER_URL: 'https://server:5000', SPOT_OPTIMIZER_CLIENT_TOKEN: 'token-1' };

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

it('takes the reported defaults', () => {
  expect(readConfig(required)).toMatchObject({
    serverUrl: 'https://server:5000',
    region: 'us-east-1',
    intervalsMs: { heartbeat: 30_000, commands: 15_000, fleetReport: 5_000 },
    timeoutsMs: { request: 30_000, connect: 10_000 },
    retry: { attempts: 3, policy: 'quick' },
    log: { level: 'info' },
  });
});

it('reads seconds as milliseconds, levels in the words of the reports, and 0 as off', () => {
  const config = readConfig({
    ...required,
    HEARTBEAT_INTERVAL: '0',
    REQUEST_TIMEOUT: '2.5',
    LOG_LEVEL: 'WARNING',
  });

  expect(config.intervalsMs.heartbeat).toBe(0);
  expect(config.timeoutsMs.request).toBe(2_500);
  expect(config.log.level).toBe('warn');
});

it('names every variable that is wrong with its value and what was expected', () => {
  const env = {
    SPOT_OPTIMIZER_SERVER_URL: 'server:5000',
    FLEET_REPORT_INTERVAL: '-1',
    RETRY_ATTEMPTS: '2.5',
    LOG_MAX_BYTES: 'big',
    ENVIRONMENT: 'moon',
    SPOT_OPTIMIZER_CA_FILE: '/nowhere/ca.pem',
  };

  expect(problemsOf(env)).toEqual([
    'SPOT_OPTIMIZER_CA_FILE is "/nowhere/ca.pem": expected a readable PEM file',
    'SPOT_OPTIMIZER_SERVER_URL is "server:5000": expected an http:// or https:// URL',
    'SPOT_OPTIMIZER_CLIENT_TOKEN is not set: expected a client token',
    'ENVIRONMENT is "moon": expected one of development, staging, production',
    'FLEET_REPORT_INTERVAL is "-1": expected seconds from 0 to 86400',
    'RETRY_ATTEMPTS is "2.5": expected a whole number from 1 to 100',
    'LOG_MAX_BYTES is "big": expected a whole number from 1024 to 1099511627776',
  ]);
});

it('does not repeat a token that cannot be used', () => {
  const problems = problemsOf({ ...required, SPOT_OPTIMIZER_CLIENT_TOKEN: 'two words\nand a line' });

  expect(problems).toEqual(['SPOT_OPTIMIZER_CLIENT_TOKEN is not usable: expected printable ASCII only']);
});
