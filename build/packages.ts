/** What the published packages are made of. */
import { configJsonSchema } from '../harness/config/schema.ts';
import { subjectJsonSchema } from '../harness/foreign/schema.ts';

/** A package that is published, and where its parts come from. */
export interface PackageRecipe {
  readonly name: string;
  /** The workspace whose `package.json` it is made from. */
  readonly workspace: string;
  /** Folders of the repository that go in, each with its place in the package; relative imports between them still hold. */
  readonly folders: Readonly<Record<string, string>>;
  /** Further workspaces whose code is in those folders: their dependencies become the package's own. */
  readonly absorbs: readonly string[];
  /** Modules of the repository's root that are compiled too. */
  readonly sources: readonly string[];
  /** JSON files that are made for the package, by their place. */
  readonly generated: Readonly<Record<string, () => unknown>>;
  /** Files and folders of the repository that go in as they are, each with its place in the package. */
  readonly files: Readonly<Record<string, string>>;
}

const legal = { LICENSE: 'LICENSE', 'CHANGELOG.md': 'CHANGELOG.md' };

/** In the order in which they are built: a later one may import an earlier one. */
export const packages: readonly PackageRecipe[] = [
  {
    name: 'shaketable-proxy',
    workspace: 'proxy',
    folders: { proxy: '.' },
    absorbs: [],
    sources: [],
    generated: {},
    files: {
      ...legal,
      'proxy/README.md': 'README.md',
      'docs/proxy': 'docs/proxy',
      'docs/from-toxiproxy.md': 'docs/from-toxiproxy.md',
      'docs/adding-a-toxic.md': 'docs/adding-a-toxic.md',
    },
  },
  {
    name: 'shaketable',
    workspace: 'harness',
    folders: {
      harness: 'harness',
      services: 'services',
      scenarios: 'scenarios',
      'bench/claims': 'bench/claims',
    },
    absorbs: ['services'],
    sources: ['shaketable.config.ts'],
    generated: { 'config.schema.json': configJsonSchema, 'subject.schema.json': subjectJsonSchema },
    files: { ...legal, 'README.md': 'README.md', docs: 'docs' },
  },
];
