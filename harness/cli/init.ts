/**
 * `shaketable init`: a config, a first scenario, an npm script, and a line of `.gitignore` for somebody's project. What is there is left
 * as it is.
 */
import { constants, copyFile, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { configNames } from '../config/project.ts';
import { fileError, LabError } from '../errors.ts';
import { inRepository, packageRoot } from '../own-files.ts';
import { addScript } from './add-script.ts';

/** The files that are copied; the package has them among its sources. */
const originals = join(packageRoot, inRepository ? '' : 'src', 'harness/init');

const script = { name: 'lab', command: 'shaketable run' };

/** Writes into the working directory, and says what it wrote. */
export async function initCommand({ subject }: { readonly subject: boolean }): Promise<number> {
  if (subject) return (await import('./init-subject.ts')).initSubject();
  const root = process.cwd();
  const manifest = join(root, 'package.json');
  const text = await readIfThere(manifest);
  const ending = moduleEnding(text, manifest);
  const told = [
    await copy('shaketable.config.ts', join(root, `shaketable.config${ending}`), configNames),
    await copy('first-scenario.ts', join(root, 'scenarios', `first-scenario${ending}`)),
    await putScript(manifest, text),
    ...(await ignoreReports(root)),
  ];
  for (const line of told) console.log(line);
  const first = (await isInstalled(root)) ? '' : 'npm install --save-dev shaketable, then ';
  const second = `npm run ${script.name}, then read scenarios/first-scenario${ending} and change it.`;
  console.log(`\nNext: ${first}${second}`);
  return 0;
}

/** Whether the script finds the command: npm looks into each folder above as well. */
async function isInstalled(folder: string): Promise<boolean> {
  if (await isThere(join(folder, 'node_modules', 'shaketable'))) return true;
  const above = dirname(folder);
  return above !== folder && (await isInstalled(above));
}

/** In a project of CommonJS, only the ending makes a file a module. */
function moduleEnding(text: string | undefined, manifest: string): '.ts' | '.mts' {
  if (text === undefined) return '.ts';
  return parseManifest(text, manifest).type === 'module' ? '.ts' : '.mts';
}

function parseManifest(text: string, manifest: string): { readonly type?: unknown } {
  try {
    return JSON.parse(text) as { type?: unknown };
  } catch (cause) {
    throw new LabError('LAB_BAD_INPUT', `${manifest} is not JSON: ${(cause as Error).message}`, {
      hint: 'Mend it, then give `shaketable init` again: nothing was written.',
      cause,
    });
  }
}

/** Copies a file unless it is there, or `instead` of it one of these names. */
async function copy(original: string, to: string, instead: readonly string[] = []): Promise<string> {
  const directory = dirname(to);
  for (const name of instead) {
    if (await isThere(join(directory, name))) return `left     ${name}: it is there`;
  }
  const shown = relative(process.cwd(), to);
  const elsewhere = 'run this in a directory that you may write to';
  try {
    await mkdir(directory, { recursive: true });
  } catch (cause) {
    throw fileError(cause, directory, elsewhere);
  }
  try {
    await copyFile(join(originals, original), to, constants.COPYFILE_EXCL);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return `left     ${shown}: it is there`;
    throw fileError(cause, to, elsewhere);
  }
  return `wrote    ${shown}`;
}

async function putScript(manifest: string, text: string | undefined): Promise<string> {
  const { name, command } = script;
  if (text === undefined) {
    const fresh = { private: true, type: 'module', scripts: { [name]: command } };
    await write(manifest, `${JSON.stringify(fresh, null, 2)}\n`);
    return `wrote    package.json, with the script ${name}`;
  }
  const changed = addScript(text, name, command);
  if (changed === undefined) return `left     package.json: it has a script ${name}`;
  await write(manifest, changed);
  return `changed  package.json: script ${name}`;
}

/** Reports are no sources. Nothing is written where nobody keeps versions with git. */
async function ignoreReports(root: string): Promise<string[]> {
  const file = join(root, '.gitignore');
  const text = await readIfThere(file);
  if (text === undefined && !(await isThere(join(root, '.git')))) return [];
  const lines = (text ?? '').split(/\r?\n/);
  if (lines.some((line) => /^\/?reports\/?\*{0,2}$/.test(line.trim())))
    return ['left     .gitignore: it has reports/'];
  const gap = text === undefined || text === '' || text.endsWith('\n') ? '' : '\n';
  await write(file, `${text ?? ''}${gap}reports/\n`);
  return [`${text === undefined ? 'wrote   ' : 'changed '} .gitignore: reports/`];
}

async function write(file: string, text: string): Promise<void> {
  await writeFile(file, text).catch((cause: unknown) => {
    throw fileError(cause, file, 'run this in a directory that you may write to');
  });
}

async function readIfThere(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw fileError(cause, file, 'run this in another directory');
  });
}

async function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
