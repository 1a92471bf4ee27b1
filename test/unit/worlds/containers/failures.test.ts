import { expect, it } from 'vitest';
import { LabError } from '../../../../harness/errors.ts';
import { containerError, isEngineGone } from '../../../../harness/worlds/containers/failures.ts';

it.each([
  ['LAB_DISK_FULL', 'write /var/lib/docker/x: no space left on device'],
  ['LAB_IMAGE_MISSING', 'Image "mysql:9.7" does not exist locally and pull policy is "never"'],
  ['LAB_IMAGE_MISSING', 'manifest for mysql:9.7 not found: manifest unknown'],
  ['LAB_ENGINE_GONE', 'connect ECONNREFUSED /var/run/docker.sock'],
  ['LAB_PORT_TAKEN', 'Bind for 127.0.0.1:3306 failed: port is already allocated'],
  ['LAB_CONTAINER_START', 'it ended before it was ready'],
])('gives %s for "%s"', (code, message) => {
  const error = containerError('The container x did not start', [], new Error(message));

  expect(error).toMatchObject({ code, message: expect.stringContaining(message), hint: expect.any(String) });
});

it('reads the cause from the last words of the container, too', () => {
  const log = ['starting', '[ERROR] Disk is full: errno: 28 "No space left on device"'];

  expect(containerError('MySQL did not start', log, new Error('it ended'))).toMatchObject({
    code: 'LAB_DISK_FULL',
    message: expect.stringContaining('errno: 28'),
  });
});

it('leaves an error of the lab as it is', () => {
  const error = new LabError('LAB_PORT_TAKEN', 'taken');

  expect(containerError('something', [], error)).toBe(error);
});

it('finds out what is behind a failed fetch', () => {
  const cause = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' });

  expect(isEngineGone(new TypeError('fetch failed', { cause }))).toBe(true);
});
