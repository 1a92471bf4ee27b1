/** A subject that shows its secret wherever it can: the runner's tests look for it in what the lab writes. */

import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { changeRows, noSecret, scenario } from 'shaketable';

const secret = 'correct horse/battery+staple?';
const forms = [
  secret,
  encodeURIComponent(secret),
  Buffer.from(secret).toString('base64'),
  Buffer.from(secret).toString('base64url'),
];

scenario({
  id: 'fixtures/leaks-everywhere',
  title: 'A fixture of the runner’s tests',
  requirements: [],
  story: 'The naive subject tells everybody.',
  faults: {
    talkative: {
      fault: changeRows({
        kind: 'broken',
        apply: `SELECT '${secret}' FROM nowhere`,
        struckBy: { kind: 'subject.note', name: 'nobody' },
      }),
      from: 'manual',
    },
  },
  play: async (table) => {
    table.plantSecret('passphrase', secret);
    const log = join(table.directory, 'subject.log');
    table.follow('agent', log);
    if (table.subject === 'hardened') return void (await appendFile(log, '{"level":"info","msg":"quiet"}\n'));
    for (const form of forms) {
      table.note(`said ${form}`, { nested: { list: [form] } });
      await appendFile(log, `2025-11-19 20:00:25 - ERROR - ${form}\n{"level":"error","msg":"${form}"}\n`);
    }
    await table.database();
    await table.inject('talkative');
    throw new Error(`It broke: ${forms.join(' ')}`);
  },
  checks: {
    silent: noSecret('nothing is said', { secrets: ['passphrase'] }),
  },
  reported: ['silent'],
});
