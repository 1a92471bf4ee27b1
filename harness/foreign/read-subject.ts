/** From the name of a subject file, or a command of the command line, to the subject. */
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, resolve } from 'node:path';
import { importModule } from '../config/import-module.ts';
import { fileError, LabError } from '../errors.ts';
import { parseSubject } from './schema.ts';
import { type ForeignSubject, type GivenServer, subjectOf } from './subject.ts';
import type { SubjectFile } from './subject-file.ts';

/**
 * Reads a subject file and what it names beside it. @throws LabError `LAB_BAD_INPUT` for a file that cannot be read or understood,
 * a template, an authority or a working directory that is not there
 */
export async function readSubject(path: string): Promise<ForeignSubject> {
  const file = resolve(path);
  const given = parseSubject(await load(file), path);
  const folder = resolve(dirname(file), given.cwd ?? '.');
  if (!(await isFolder(folder)))
    throw new LabError('LAB_BAD_INPUT', `${path}: cwd: there is no folder ${folder}`, {
      hint: 'Paths are relative to the subject file.',
    });
  const templates: Record<string, string> = {};
  for (const [name, content] of Object.entries(given.files ?? {}))
    if (typeof content === 'object')
      templates[name] = await readBeside(resolve(dirname(file), content.template), path, `files.${name}`);
  const server = await readServer(given, file, path);
  return subjectOf(given, { file: path, folder, templates, ...(server === undefined ? {} : { server }) });
}

/** The subject of `shaketable run … -- COMMAND…`: a command, and nothing else known of it. */
export function subjectOfCommand(command: readonly string[]): ForeignSubject {
  const [program = ''] = command;
  const name = basename(program).replaceAll(/[^\w.-]/g, '-') || 'subject';
  const given = parseSubject({ name, command }, 'The command');
  return subjectOf(given, { file: '', folder: process.cwd(), templates: {} });
}

async function load(file: string): Promise<unknown> {
  if (/^\.m?[jt]s$/.test(extname(file))) {
    await readText(file);
    const module = await importModule(file);
    if ('default' in module) return module.default;
    throw new LabError('LAB_BAD_INPUT', `${file} exports no subject`, {
      hint: 'Write `export default defineSubject({ … })`.',
    });
  }
  const text = await readText(file);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new LabError('LAB_BAD_INPUT', `${file} is not JSON: ${(cause as Error).message}`, {
      hint: 'A subject file is JSON, or a module (.ts, .js) that exports one. docs/your-own-agent.md has an example.',
      cause,
    });
  }
}

async function readServer(
  { server }: SubjectFile,
  file: string,
  shown: string,
): Promise<Pick<GivenServer, 'token' | 'caPem'> | undefined> {
  if (server === undefined || server === 'reference' || 'routes' in server) return undefined;
  const { token, caFile } = server;
  const caPem =
    caFile === undefined
      ? undefined
      : await readBeside(resolve(dirname(file), caFile), shown, 'server.caFile');
  const given = typeof token === 'object' ? process.env[token.env] : token;
  if (typeof token === 'object' && given === undefined)
    throw new LabError('LAB_BAD_INPUT', `${shown}: server.token: the variable ${token.env} is not set`, {
      hint: `Set ${token.env} to a token that ${server.url} accepts.`,
    });
  return { ...(given === undefined ? {} : { token: given }), ...(caPem === undefined ? {} : { caPem }) };
}

function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw fileError(cause, path, 'name another subject file');
  });
}

async function readBeside(path: string, shown: string, field: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new LabError('LAB_BAD_INPUT', `${shown}: ${field}: ${path} cannot be read (${cause.code})`, {
      hint: 'Paths are relative to the subject file.',
      cause,
    });
  });
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
