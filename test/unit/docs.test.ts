/** The documentation against the code: excerpts stand where they say, links lead somewhere, lists are complete. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configJsonSchema } from '../../harness/config/schema.ts';
import { labErrorMeanings } from '../../harness/errors.ts';
import { placeholders } from '../../harness/foreign/placeholders.ts';
import { subjectJsonSchema } from '../../harness/foreign/schema.ts';
import { checkNames } from '../../harness/foreign/subject-file.ts';
import { standingChecks } from '../../harness/standing/index.ts';
import { toxicTypes } from '../../proxy/toxics/index.ts';
import { logFormatTable } from '../support/log-format-table.ts';
import { toxicTable } from '../support/toxic-table.ts';

const root = resolve(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const pages = [
  '*.md',
  'docs/**/*.md',
  'scenarios/README.md',
  'services/README.md',
  'reports/README.md',
  'examples/README.md',
  'proxy/README.md',
  'bench/README.md',
  'clients/README.md',
]
  .flatMap((pattern) => globSync(pattern, { cwd: root }))
  .toSorted();

/** The heading's anchor as GitHub makes it. */
const anchorOf = (heading: string): string =>
  heading
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .trim()
    .toLowerCase()
    .replaceAll(' ', '-');

const withoutCode = (text: string): string => text.replaceAll(/^(`{3,}).*?^\1$/gms, '');

const anchors = (text: string): string[] =>
  [...withoutCode(text).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));

/** A row in the tables of journal kinds, many of which have the same fields. */
const isField = /^\| `\w+` \| [\w, ]+ \|/;

describe.each(pages)('%s', (page) => {
  const text = read(page);

  it('links to files and headings that exist', () => {
    const links = [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
    const local = links.filter((target) => !/^[a-z]+:/.test(target));
    const broken = local.filter((target) => {
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? page : join(dirname(page), path);
      if (!existsSync(join(root, file))) return true;
      return anchor !== undefined && file.endsWith('.md') && !anchors(read(file)).includes(anchor);
    });

    expect(broken).toEqual([]);
  });

  it('quotes code as it stands in the files that it names', () => {
    const quotes = [...text.matchAll(/^```\w+ file=(\S+)\n(.*?)^```$/gms)];
    const stale = quotes.filter(([, file = '', code = '']) => !read(file).includes(code.trimEnd()));

    expect(stale.map(([, file, code]) => `${file}:\n${code}`)).toEqual([]);
  });

  it('says nothing twice', () => {
    const long = withoutCode(text)
      .split(/\n{2,}|\n(?=\| [^-])/)
      .filter((text) => text.length > 60 && !isField.test(text) && !text.includes('\n| --- |'));

    expect(long.filter((paragraph, index) => long.indexOf(paragraph) < index)).toEqual([]);
  });

  it('calls programs and tests of the repository that are there', () => {
    const calls = [...text.matchAll(/^\s*(?:node|npx vitest) .*$/gm)].flatMap(([call]) => call.split(/\s+/));
    const ours = calls.filter((word) =>
      /^(?:harness|proxy|services|scenarios|test)\/[\w./-]+\.\w+$/.test(word),
    );

    expect(ours.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});

it('lists exactly the codes of the lab’s errors, with their meanings and exit codes', () => {
  const rows = [...read('docs/errors.md').matchAll(/^\| `(LAB_\w+)` \| (.+) \| (\d+) \|$/gm)];

  expect(rows.map(([, code, meaning, exit]) => [code, meaning, Number(exit)])).toEqual(
    Object.entries(labErrorMeanings).map(([code, meaning]) => [
      code,
      meaning,
      code === 'LAB_BAD_INPUT' ? 64 : 3,
    ]),
  );
});

/** The options that a command declares, as `--seed`; that of every command that knows a project is left out. */
function optionsOf(command: string): string[] {
  const [, declared = ''] = read('harness/cli/main.ts').split(`.command('${command}')`);
  const [own = ''] = declared.split(/\.addHelpText|\.action\(/);
  return [...own.matchAll(/'(--[a-z-]+)/g)].map(([, option = '']) => option);
}

it.each([
  ['run', 'guide', 'your-own-agent'],
  ['init', 'guide'],
  ['list', 'guide'],
  ['check', 'guide'],
  ['report', 'guide'],
  ['merge', 'guide'],
  ['worlds', 'guide'],
  ['doctor', 'guide'],
  ['up', 'guide'],
  ['worker', 'scale-out'],
  ['down', 'scale-out'],
  ['explore', 'exploring'],
  ['bench', 'benchmarks'],
  ['reproduce', 'reproducing-an-incident'],
  ['minimise', 'minimising'],
  ['diagnose', 'diagnose'],
  ['adapter', 'adapters'],
])('explains every option of %s on the page %s', (command, ...pages) => {
  const text = pages.map((page) => read(`docs/${page}.md`)).join('\n');
  const options = optionsOf(command);

  expect(options).not.toEqual([]);
  expect(options.filter((option) => !new RegExp(`${option}(?![\\w-])`).test(text))).toEqual([]);
});

const fieldsOf = (schema: unknown): string[] =>
  Object.keys((schema as { readonly properties: object }).properties).filter((name) => name !== '$schema');

it.each([
  ['field of a config', 'guide', fieldsOf(configJsonSchema())],
  ['field of a subject file', 'your-own-agent', fieldsOf(subjectJsonSchema())],
  ['check on a subject', 'your-own-agent', checkNames],
])('has a row for every %s on the page %s', (_what, page, names) => {
  const text = read(`docs/${page}.md`);

  expect(names.filter((name) => !text.includes(`\n| \`${name}\` |`))).toEqual([]);
});

it('explains every placeholder of a subject file', () => {
  const text = read('docs/your-own-agent.md');

  expect(placeholders.filter((name) => !text.includes(`\`{{${name}}}\``))).toEqual([]);
});

/** What `harness/index.ts` exports from a folder by name. */
const exported = (folder: string): string[] =>
  [...read('harness/index.ts').matchAll(new RegExp(`^export \\{ (\\w+) \\} from './${folder}/`, 'gm'))].map(
    ([, name = '']) => name,
  );

it('lists every fault that scenarios can import', () => {
  const [faults = ''] = read('docs/faults.md').split('\n## Which connections');
  const listed = [...faults.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);

  expect(listed.toSorted()).toEqual(exported('faults').toSorted());
});

/** The fault proxy's pages, one a protocol; the table of all toxics, which is written from their declarations, is on none. */
const toxicPages = pages.filter((page) => page.startsWith('docs/proxy/') && !page.endsWith('README.md'));

it.each([
  ...toxicTypes.values(),
])('describes $type and its attributes on the page of its protocol', (type) => {
  const start = `| \`${type.type}\` |`;
  const rows = toxicPages.flatMap((page) => read(page).split('\n')).filter((row) => row.startsWith(start));
  const missing = rows.map((row) =>
    Object.keys(type.attributes).filter((name) => !row.includes(`\`${name}\``)),
  );

  expect(type.summary, 'The table of all toxics shows the summary').toBeTruthy();
  expect(missing, `No page below docs/proxy has a row that begins with ${start}`).not.toEqual([]);
  expect(missing).toContainEqual([]);
});

it('has a table of all toxics that is what their declarations say', async () => {
  const page = 'docs/proxy/README.md';
  const [before, after] = read(page).split(/(?<=<!-- toxics -->\n).*(?=<!-- \/toxics -->)/s);

  await expect(`${before}\n${toxicTable()}\n\n${after}`).toMatchFileSnapshot(join(root, page));
});

it('has a table of all log formats that is what their recognisers say', async () => {
  const page = 'docs/log-formats.md';
  const [before, after] = read(page).split(/(?<=<!-- formats -->\n).*(?=<!-- \/formats -->)/s);

  await expect(`${before}\n${logFormatTable()}\n\n${after}`).toMatchFileSnapshot(join(root, page));
});

it('says in the table what each toxic does', () => {
  const silent = [...toxicTypes.values()].filter(({ summary }) => summary === undefined);

  expect(silent.map(({ type }) => type)).toEqual([]);
});

/** What the table of the kinds of check says: a kind a row, with the first sentence of its docstring. */
function checkTable(): string {
  const rows = [...read('harness/checks/index.ts').matchAll(/^export \{ (\w+) \} from '\.\/(.+)';$/gm)].map(
    ([, name = '', file = '']) => {
      const pattern = new RegExp(`/\\*\\* Passes when ([^.]+)\\..*?\\*/\\nexport const ${name} = `);
      const [, meaning = ''] = pattern.exec(read(`harness/checks/${file}`)) ?? [];
      expect(meaning, `${file} has to say when the check passes: /** Passes when … */`).not.toBe('');
      return `| [\`${name}\`](../harness/checks/${file}) | ${meaning} |`;
    },
  );
  return ['| kind | passes when |', '| --- | --- |', ...rows].join('\n');
}

it('has the table of the kinds of check that their files make', async () => {
  const page = join(root, 'docs/adding-a-check.md');
  const [before, rest = ''] = readFileSync(page, 'utf8').split('<!-- kinds -->\n');
  const [, after = ''] = rest.split('<!-- /kinds -->\n');

  await expect(`${before}<!-- kinds -->\n${checkTable()}\n<!-- /kinds -->\n${after}`).toMatchFileSnapshot(
    page,
  );
});

it('has the table of the standing checks as they are declared', async () => {
  const page = 'docs/adding-a-scenario.md';
  const [before, after] = read(page).split(/(?<=<!-- standing -->\n).*(?=<!-- \/standing -->)/s);
  const rows = Object.entries(standingChecks).map(([id, { title }]) => `| \`${id}\` | ${title} |`);
  const table = ['| standing check | holds when |', '| --- | --- |', ...rows].join('\n');

  await expect(`${before}${table}\n${after}`).toMatchFileSnapshot(join(root, page));
});
