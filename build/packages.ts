/** What the published packages are made of. */

/** A package that is published, and where its parts come from. */
export interface PackageRecipe {
  readonly name: string;
  /** The workspace whose `package.json` it is made from. */
  readonly workspace: string;
  /** Folders of the repository that go in, each with its place in the package; relative imports between them still hold. */
  readonly folders: Readonly<Record<string, string>>;
  /** Further workspaces whose code is in those folders: their dependencies become the package's own. */
  readonly absorbs: readonly string[];
  /** Files of the repository that go in as they are, at the same place. */
  readonly files: readonly string[];
}

/** In the order in which they are built: a later one may import an earlier one. */
export const packages: readonly PackageRecipe[] = [
  {
    name: 'shaketable-proxy',
    workspace: 'proxy',
    folders: { proxy: '.' },
    absorbs: [],
    files: ['LICENSE', 'CHANGELOG.md'],
  },
  {
    name: 'shaketable',
    workspace: 'harness',
    folders: { harness: 'harness', services: 'services', scenarios: 'scenarios' },
    absorbs: ['services'],
    files: ['LICENSE', 'CHANGELOG.md', 'README.md'],
  },
];
