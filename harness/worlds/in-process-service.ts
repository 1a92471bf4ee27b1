/** Services within the lab's process. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServiceLog, ServiceProgram, StartedService } from './service.ts';
import type { TableContext } from './table-deps.ts';

/** Runs a service in this process, with the files that it asks for beside its log. */
export async function startInProcess(
  { clock, directory }: TableContext,
  name: string,
  { env, files, args = [], inProcess }: ServiceProgram,
  log: ServiceLog,
): Promise<StartedService & AsyncDisposable> {
  log.follow();
  const paths: Record<string, string> = {};
  for (const [variable, content] of Object.entries(files)) {
    const path = join(directory, `${name}.${variable.toLowerCase()}`);
    await writeFile(path, content, { mode: 0o600 });
    paths[variable] = path;
  }
  const service = await inProcess({ env: { ...env, ...paths }, args, clock, log: log.file });
  const close = async (): Promise<void> => service[Symbol.asyncDispose]();
  return { host: '127.0.0.1', port: service.port, close, [Symbol.asyncDispose]: close };
}
