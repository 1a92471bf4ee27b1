/** What a server can do, found out with a connection each before anything is measured. */
import { LabError } from '../../../errors.ts';
import { type AskOptions, ask, noHttp } from './ask.ts';

export interface Abilities {
  /** Versions of TLS that are measured: all that the server did not turn down as such. */
  readonly versions: readonly ('TLSv1.2' | 'TLSv1.3')[];
  readonly http2: boolean;
  /** What a reader has to know of it, a sentence each. */
  readonly notes: readonly string[];
}

export interface ProbeOptions extends AskOptions {
  /** Why the proxy got no connection, if it got none. */
  refusal(): string | undefined;
  /** Resolves when the next connection may begin. */
  pace(): Promise<void>;
}

/** A peer that does not speak the version that it is asked for. */
const otherVersion = /PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|NO_PROTOCOLS/;
/** A peer that speaks no TLS at all. */
const noTls = /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST/;

/**
 * A certificate that is not trusted is no reason to stop: rows fail with it.
 * @throws LabError `LAB_BAD_INPUT` where nobody takes connections, `LAB_TIMEOUT` where nobody answers
 */
export async function probe(options: ProbeOptions): Promise<Abilities> {
  const { address, pace } = options;
  await pace();
  const first = await ask(options, {});
  if ('error' in first) expectServer(options, first.error);
  const answered = 'status' in first ? statusNotes(first.status) : [];
  if (!address.secure) return { versions: [], http2: false, notes: answered };
  const versions: Abilities['versions'][number][] = [];
  const notes = [...answered];
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    await pace();
    const answer = await ask(options, { minVersion: version, maxVersion: version });
    if ('error' in answer && otherVersion.test(answer.error))
      notes.push(`The server does not speak ${version}.`);
    else versions.push(version);
  }
  await pace();
  const agreed = await ask(options, { ALPNProtocols: ['h2', 'http/1.1'] }, 'h2');
  const http2 = 'protocol' in agreed;
  if ('status' in agreed) notes.push('The server does not agree to HTTP/2.');
  return { versions, http2, notes };
}

/** That there is one, whatever it thinks of the request. */
function expectServer({ address, timeoutMs, refusal }: ProbeOptions, error: string): void {
  const { shown, secure } = address;
  const refused = refusal();
  if (refused !== undefined) {
    throw new LabError('LAB_BAD_INPUT', `${shown} takes no connection (${refused})`, {
      hint: 'Check host and port, and that the server runs.',
    });
  }
  if (error === 'ETIMEDOUT') {
    throw new LabError('LAB_TIMEOUT', `${shown} did not answer within ${timeoutMs / 1_000} s`, {
      hint: 'Give a path that the server answers by itself.',
    });
  }
  if (secure ? noTls.test(error) : ['closed', 'ECONNRESET', noHttp].includes(error)) {
    throw new LabError('LAB_BAD_INPUT', `${shown} does not speak ${secure ? 'TLS' : 'HTTP'} (${error})`, {
      hint: `Perhaps it is the other one: ${secure ? 'http' : 'https'}.`,
    });
  }
}

function statusNotes(status: number): string[] {
  if (status >= 400) return [`The server answers with status ${status}.`];
  return status >= 300 ? [`The server answers with a redirect (${status}), which is not followed.`] : [];
}
