/**
 * Makes an authority and a certificate of it for the given names, as files: `node proxy/cli/certificates-main.ts DIR NAME…`.
 * The persistent lab of docker-compose.yml begins with it. Files that are there are left alone.
 */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createAuthority } from '../certificates/index.ts';
import { systemClock } from '../core/clock.ts';

const [directory = '.', ...hosts] = process.argv.slice(2);
const file = (name: string): string => join(directory, name);

if (!existsSync(file('ca.pem'))) {
  const authority = await createAuthority({ name: 'Shaketable lab', now: systemClock().now() });
  const { chainPem, keyPem } = await authority.issue({ hosts });
  await writeFile(file('cert.pem'), chainPem);
  await writeFile(file('key.pem'), keyPem);
  await writeFile(file('ca.pem'), authority.certPem);
}
