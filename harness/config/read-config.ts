/** One config file, read and checked. */
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileError, LabError } from '../errors.ts';
import type { ShaketableConfig } from './config.ts';
import { importModule } from './import-module.ts';
import { parseConfig } from './schema.ts';

/** @throws LabError `LAB_BAD_INPUT` when it cannot be read, loaded or understood */
export async function readConfig(file: string): Promise<ShaketableConfig> {
  if (extname(file) === '.json') return parseConfig(await readJson(file), file);
  const module = await importModule(file);
  if ('default' in module) return parseConfig(module.default, file);
  throw new LabError('LAB_BAD_INPUT', `${file} exports no config`, {
    hint: 'Write `export default defineConfig({ … })`.',
  });
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw fileError(cause, file, 'name another config with --project');
    throw new LabError('LAB_BAD_INPUT', `${file} is not JSON: ${cause.message}`, {
      hint: 'Mend it: JSON has no comments, and no comma after the last field.',
      cause,
    });
  }
}
