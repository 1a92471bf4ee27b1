import { expect, it } from 'vitest';
import { diskFailure, startFailure } from '../../../harness/databases/start-failure.ts';

it.each([
  [
    "[ERROR] Can't start server: Bind on TCP/IP port. Got error: 98: Address already in use",
    'LAB_PORT_TAKEN',
  ],
  [
    "[ERROR] [MY-010262] [Server] Can't start server: Bind on TCP/IP port: Address already in use",
    'LAB_PORT_TAKEN',
  ],
  [
    'mariadbd: Error writing file \'./aria_log.00000001\' (Errcode: 28 "No space left on device")',
    'LAB_DISK_FULL',
  ],
  [
    '[ERROR] [MY-012592] [InnoDB] Operating system error number 28 in a file operation. No space left on device',
    'LAB_DISK_FULL',
  ],
  ["[ERROR] /usr/sbin/mariadbd: unknown variable 'max-conections=5'", 'LAB_DATABASE_START'],
])('reads the cause from %s', (line, code) => {
  expect(startFailure('It ended', ['first', line, '[ERROR] Aborting'])).toMatchObject({ code });
});

it('shows the last lines of the log and what to do next', () => {
  const lines = Array.from({ length: 50 }, (_, index) => `line ${index}`);

  const { message, hint } = startFailure('It ended', lines);

  expect(message).toContain('line 49');
  expect(message).not.toContain('line 30\n');
  expect(hint).toContain('SHAKETABLE_MYSQLD');
});

it('says so when the server said nothing', () => {
  expect(startFailure('It ended', ['', ' ']).message).toBe('It ended and said nothing');
});

it('finds in the log of a server that was ready that it has no room, and only that', () => {
  const full = "[ERROR] [MY-012640] [InnoDB] Error number 28 means 'No space left on device'";

  expect(diskFailure(['ready for connections', full, 'retrying'])).toMatchObject({
    code: 'LAB_DISK_FULL',
    message: expect.stringContaining(full),
    hint: expect.stringContaining('Free some space'),
  });
  expect(diskFailure(['[ERROR] Can’t start server: Bind on TCP/IP port', '[Warning] slow'])).toBeUndefined();
});
