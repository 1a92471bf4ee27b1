/**
 * The `package.json` of a published package: its workspace's own, with the repository's version, its entrances in JavaScript
 * with their types, and its sisters pinned to the same version.
 */
import { posix } from 'node:path';

/** What of a `package.json` is read or written here. */
export interface Manifest {
  readonly name: string;
  readonly version?: string;
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, string>>;
  readonly imports?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/** What decides about a package besides its workspace. */
export interface ManifestOptions {
  /** Of every package: the repository's. */
  readonly version: string;
  /** Where the workspace's folder stands in the package: `.` or `harness`. */
  readonly place: string;
  /** Packages of this repository; a dependency on one is on exactly this version. */
  readonly sisters: readonly string[];
  /** Manifests of workspaces whose code is in the package too. */
  readonly absorbed: readonly Manifest[];
  /** `https://host/owner/name`, which provenance is checked against; undefined where nobody publishes. */
  readonly repository?: string | undefined;
}

/** Gives a manifest whose every path leads into the package. */
export function publishedManifest(workspace: Manifest, options: ManifestOptions): Record<string, unknown> {
  const { version, place, sisters, absorbed, repository } = options;
  const { name, bin, exports = {}, imports, dependencies: own, ...rest } = workspace;
  const placed = (path: string): string => `./${posix.join(place, path)}`;
  const merged = Object.assign({}, ...absorbed.map(({ dependencies }) => dependencies), own);
  const dependencies = Object.fromEntries(
    Object.entries<string>(merged)
      .map(([dependency, range]) => [dependency, sisters.includes(dependency) ? version : range] as const)
      .toSorted(([a], [b]) => a.localeCompare(b)),
  );
  return {
    name,
    version,
    ...rest,
    ...(repository === undefined ? {} : { repository: { type: 'git', url: `git+${repository}.git` } }),
    ...(bin === undefined ? {} : { bin: mapValues(bin, (path) => posix.join(place, path)) }),
    exports: {
      ...mapValues(exports, (path) => entrance(placed(path))),
      './package.json': './package.json',
    },
    ...(imports === undefined ? {} : { imports: mapValues(imports, (path) => compiled(placed(path))) }),
    dependencies,
  };
}

/** The path of what the compiler makes of a file. */
export function compiled(path: string): string {
  return path.replace(/\.ts$/, '.js');
}

function entrance(path: string): string | { types: string; default: string } {
  if (!path.endsWith('.ts')) return path;
  return { types: path.replace(/\.ts$/, '.d.ts'), default: compiled(path) };
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
