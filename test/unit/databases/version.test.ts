import { expect, it } from 'vitest';
import { parseVersion } from '../../../harness/databases/database-binary.ts';

it.each([
  ['/usr/sbin/mysqld  Ver 9.7.4-2 for Linux on x86_64 ((Debian))', 'mysql', '9.7.4'],
  ['mysqld  Ver 8.4.3 for macos14 on arm64 (MySQL Community Server - GPL)', 'mysql', '8.4.3'],
  ['mysqld  Ver 8.0.36-28 for Linux on x86_64 (Percona Server (GPL), Release 28)', 'mysql', '8.0.36'],
  [
    'mysqld  Ver 10.11.19-MariaDB-0+deb12u1 for debian-linux-gnu on x86_64 (Debian 12)',
    'mariadb',
    '10.11.19',
  ],
  ['mariadbd  Ver 11.4.2-MariaDB for osx10.19 on arm64 (Homebrew)', 'mariadb', '11.4.2'],
])('reads %s', (output, flavour, version) => {
  expect(parseVersion(output)).toEqual({ flavour, version });
});

it.each([
  '',
  'bash: mysqld: command not found',
  'mysqld version unknown',
])('makes nothing of "%s"', (output) => {
  expect(parseVersion(output)).toBeUndefined();
});
