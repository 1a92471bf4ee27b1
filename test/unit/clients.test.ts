/** The client table against what it is made from. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { columns } from '../../clients/columns.ts';
import { libraries } from '../../clients/libraries.ts';
import type { Cell } from '../../clients/play.ts';
import { type Results, readResults, settings } from '../../clients/results.ts';
import { differences, tablesOf } from '../../clients/table.ts';
import { parseSubject } from '../../harness/foreign/schema.ts';

const root = resolve(import.meta.dirname, '../..');
const subjects = join(root, 'clients/subjects');
const page = readFileSync(join(root, 'docs/clients.md'), 'utf8');
const results = await readResults();

describe.each(libraries)('$id', ({ id, kind }) => {
  it.each(settings)('fails with %s settings what its subject file lists, for its reasons', (setting) => {
    const name = `${id}-${setting}.json`;
    const subject = parseSubject(JSON.parse(readFileSync(join(subjects, name), 'utf8')), name);
    const found = results[id];
    const known = subject.knownFailing ?? [];
    const asked = columns[kind].map(({ scenario }) => scenario);

    expect(subject.name).toBe(`${id}-${setting}`);
    for (const { reason, scenario } of known) {
      expect(reason, 'a fact of the library, with its source').toMatch(/\(https:\/\/\S+?[,)]/);
      expect(asked).toContain(scenario);
    }
    if (found === undefined) throw new Error(`npm run clients -- ${id} has to be run`);
    if ('leftOut' in found) return;
    for (const scenario of asked) {
      const reasons = new Set(known.filter((one) => one.scenario === scenario).map(({ reason }) => reason));
      const cell = found.cells[setting][scenario];
      expect(cell?.verdict, scenario).toMatch(reasons.size > 0 ? /^fails$/ : /^(holds|not applicable)$/);
      if (cell?.verdict === 'fails') expect(new Set(cell.why)).toEqual(reasons);
    }
  });
});

it('has no subject file without a library', () => {
  expect(readdirSync(subjects).toSorted()).toEqual(
    libraries.flatMap(({ id }) => settings.map((setting) => `${id}-${setting}.json`)).toSorted(),
  );
});

it('stands on the page as it was found', () => {
  expect(page).toContain(`<!-- tables -->\n\n${tablesOf(results)}\n\n<!-- /tables -->`);
});

describe('the tables', () => {
  const [first, second] = columns.http.map(({ scenario }) => scenario);
  if (first === undefined || second === undefined) throw new Error('nothing is asked');
  const holds: Cell = { verdict: 'holds' };
  const fails: Cell = { verdict: 'fails', why: ['it has no time-out (https://example.test)'] };
  const axios = (cells: Readonly<Record<string, Cell>>): Results => ({
    axios: { title: 'axios 1.0.0', cells: { default: cells, documented: {} } },
  });

  it('say why a cell fails, and which client was left out', () => {
    const tables = tablesOf({
      ...axios({ [first]: fails, [second]: holds }),
      reqwest: { title: 'reqwest', leftOut: 'cargo is not there' },
    });

    expect(tables).toContain('| [axios 1.0.0](../clients/node/axios.mjs) | default | fails | holds | ? |');
    expect(tables).toContain('- keeps its connection: it has no time-out (https://example.test)');
    expect(tables).toContain('**reqwest** is left out: cargo is not there');
  });

  it('are compared cell by cell', () => {
    expect(differences(axios({ [first]: holds }), axios({ [first]: holds }))).toEqual([]);
    expect(differences(axios({ [first]: holds }), axios({ [first]: fails }))).toEqual([
      'axios 1.0.0, default: keeps its connection: holds before, fails now',
    ]);
  });
});
