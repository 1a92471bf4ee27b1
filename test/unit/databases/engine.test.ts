import { expect, it } from 'vitest';
import type { DatabaseBinary } from '../../../harness/databases/database-binary.ts';
import { initialiseCommand, serverArguments } from '../../../harness/databases/engine.ts';

const mariadb: DatabaseBinary = {
  path: '/usr/sbin/mariadbd',
  flavour: 'mariadb',
  version: '10.11.19',
  installer: '/usr/bin/mariadb-install-db',
};
const mysql: DatabaseBinary = { path: '/opt/mysql/bin/mysqld', flavour: 'mysql', version: '9.7.4' };
const plan = { directory: '/lab', port: 3307, settings: { 'max-connections': '5' } };

it.each([
  mariadb,
  mysql,
])('reads no configuration but ours and listens on loopback alone ($flavour)', (binary) => {
  const args = serverArguments(binary, plan);

  expect(args[0]).toBe('--no-defaults');
  expect(args).toContain('--bind-address=127.0.0.1');
  expect(args).toContain('--port=3307');
});

it.each([mariadb, mysql])('lets settings win over its own flags ($flavour)', (binary) => {
  expect(serverArguments(binary, plan).at(-1)).toBe('--max-connections=5');
});

it.each([
  mariadb,
  mysql,
])('makes a data directory with the sizes that the server uses ($flavour)', (binary) => {
  const sizes = serverArguments(binary, plan).filter((each) =>
    /log-(file-size|capacity)|doublewrite/.test(each),
  );

  expect(sizes.length).toBeGreaterThan(1);
  expect(initialiseCommand(binary, '/lab/data', '/lab/tmp')).toEqual(expect.arrayContaining(sizes));
});

it('tells the installer of an unpacked archive where that is', () => {
  const unpacked = { ...mariadb, installer: '/opt/mariadb/scripts/mariadb-install-db' };

  expect(initialiseCommand(unpacked, '/lab/data', '/lab/tmp')).toContain('--basedir=/opt/mariadb');
  expect(initialiseCommand(mariadb, '/lab/data', '/lab/tmp').join(' ')).not.toContain('--basedir');
});
