/** Packages that only some need: who needs one installs it beside the lab, which says how. */
import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';

/** How to get an optional package that is not installed; undefined for one that is. */
export function missingPackage(name: string): string | undefined {
  try {
    import.meta.resolve(name);
    return undefined;
  } catch {
    return `npm install --save-dev ${name}@${wantedRange(name)}`;
  }
}

/** As the lab's own `package.json` asks for it. */
function wantedRange(name: string): string {
  const file = findPackageJSON('..', import.meta.url);
  if (file === undefined) throw new Error('Expected the lab to be within a package');
  const { peerDependencies = {} } = JSON.parse(readFileSync(file, 'utf8')) as {
    peerDependencies?: Record<string, string>;
  };
  return peerDependencies[name] ?? 'latest';
}
