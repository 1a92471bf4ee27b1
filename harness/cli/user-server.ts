/** The server of the user's that `shaketable bench --url` measures. */
import { readFile } from 'node:fs/promises';
import type { BenchResult } from '../bench/bench-result.ts';
import type { ServerUnderTest } from '../bench/workload.ts';
import { parseAddress } from '../bench/workloads/url/address.ts';
import { fileError, LabError } from '../errors.ts';

export interface UserServer {
  readonly server: ServerUnderTest;
  readonly serverInWords: { readonly shown: string; readonly flags: string };
}

/** Flags of `shaketable bench` that are about it. */
export interface ServerFlags {
  readonly url?: string;
  readonly ca?: string;
  readonly maxRate: number;
  readonly maxDuration: number;
}

/** The server that `--url` names; workloads share the time that it may be asked. */
export async function userServer(flags: ServerFlags, workloads: number): Promise<UserServer | undefined> {
  const { url, ca: file, maxRate, maxDuration } = flags;
  if (url === undefined) {
    if (file === undefined) return undefined;
    throw new LabError('LAB_BAD_INPUT', '--ca is for a server of yours', { hint: 'Give its --url as well.' });
  }
  const { shown } = parseAddress(url);
  const ca = file === undefined ? undefined : await readAuthority(file);
  const words = ['--url', quoted(shown), ...(file === undefined ? [] : ['--ca', quoted(file)])];
  const caps = ['--max-rate', String(maxRate), '--max-duration', String(maxDuration)];
  return {
    server: { url, ca, maxPerSecond: maxRate, maxMs: Math.round((maxDuration * 1_000) / workloads) },
    serverInWords: { shown, flags: [...words, ...caps].join(' ') },
  };
}

async function readAuthority(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw fileError(cause, file, 'give another file');
  });
  if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  throw new LabError('LAB_BAD_INPUT', `${file} holds no certificate in PEM`, {
    hint: 'Give the certificate of the authority that signed the one of the server.',
  });
}

/** @throws LabError `LAB_BAD_INPUT` for a saved file of another server: there is nothing to compare. */
export function expectSameServer(
  { file, bench }: { file: string; bench: BenchResult },
  here: UserServer | undefined,
): void {
  if (bench.server === here?.serverInWords.shown) return;
  const name = (shown: string | undefined): string => shown ?? 'the lab’s own server';
  const message = `${file} is of ${name(bench.server)}, not of ${name(here?.serverInWords.shown)}`;
  throw new LabError('LAB_BAD_INPUT', message, { hint: 'Compare what has the same --url.' });
}

/** For a shell. */
const quoted = (text: string): string =>
  /^[\w:/.,@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
