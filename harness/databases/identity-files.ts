/**
 * The files that make a server one of its own: who root is, and a certificate for loopback from an authority of its own,
 * which is all that clients need to trust.
 */
import { createAuthority } from 'shaketable-proxy/certificates';
import { systemClock } from 'shaketable-proxy/clock';

/** The files by name. `adminHost` is where root comes from, as the server sees it: an address or `%`. */
export async function identityFiles(
  rootPassword: string,
  adminHost: string,
): Promise<Record<'init.sql' | 'ca.pem' | 'cert.pem' | 'key.pem', string>> {
  const authority = await createAuthority({ name: 'Shaketable database', now: systemClock().now() });
  const { certPem, keyPem } = await authority.issue({ hosts: ['localhost', '127.0.0.1'] });
  return {
    'init.sql': rootAccount(rootPassword, adminHost),
    'ca.pem': authority.certPem,
    'cert.pem': certPem,
    'key.pem': keyPem,
  };
}

/** Gives root its password, one statement a line. Without name resolution, 127.0.0.1 is another host than localhost. */
function rootAccount(password: string, host: string): string {
  return [
    `ALTER USER 'root'@'localhost' IDENTIFIED BY '${password}';`,
    `CREATE USER IF NOT EXISTS 'root'@'${host}';`,
    `ALTER USER 'root'@'${host}' IDENTIFIED BY '${password}';`,
    `GRANT ALL PRIVILEGES ON *.* TO 'root'@'${host}' WITH GRANT OPTION;`,
    '',
  ].join('\n');
}
