import { expect, it } from 'vitest';
import { engineAddress } from '../../../../harness/worlds/containers/engine.ts';

it.each([
  [{}, { socketPath: '/var/run/docker.sock' }],
  [{ DOCKER_HOST: 'unix:///run/user/1000/docker.sock' }, { socketPath: '/run/user/1000/docker.sock' }],
  [{ DOCKER_HOST: 'tcp://engine.test:2375' }, { host: 'engine.test', port: 2375 }],
])('finds the engine of %o', (env, options) => {
  expect(engineAddress(env)?.options).toEqual(options);
});

it.each([
  { DOCKER_HOST: 'ssh://engine.test' },
  { DOCKER_HOST: 'tcp://engine.test:2376', DOCKER_TLS_VERIFY: '1' },
])('knows that it cannot speak to that of %o', (env) => {
  expect(engineAddress(env)).toBeUndefined();
});
