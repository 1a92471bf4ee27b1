/**
 * The database server that the scenarios of a run share. It starts when the first of them asks for it, so that a run that needs
 * none has none. Scenarios are played in processes of their own, and ask over a socket that only this user can reach:
 *
 *   worker: table.database() ──► socket ──► main process: start it once ──► its facts, or why there is none
 */
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { labTemporaryDirectory } from '../../cleanup/index.ts';
import { type DatabaseFacts, diskFailure, type StartedDatabase } from '../../databases/index.ts';
import { isLabError, LabError, type LabErrorCode } from '../../errors.ts';

/** Where workers ask. */
export interface DatabaseOffer {
  readonly socket: string;
}

type Answer =
  | { readonly facts: DatabaseFacts }
  | { readonly error: { readonly code: LabErrorCode; readonly message: string; readonly hint?: string } };

/** In the main process. */
export interface OfferedDatabase extends AsyncDisposable {
  readonly offer: DatabaseOffer;
  /** `mariadb 10.11.19` once it was asked for and started, `none` else. */
  readonly name: string;
  /** Why it could not be started, or what is wrong with it since. */
  trouble(): LabError | undefined;
}

/** Offers what `start` starts; disposal stops it, if anybody asked. */
export async function offerDatabase(start: () => Promise<StartedDatabase>): Promise<OfferedDatabase> {
  const directory = await labTemporaryDirectory('database-offer');
  let starting: Promise<StartedDatabase> | undefined;
  let started: StartedDatabase | undefined;
  let failure: LabError | undefined;
  const answer = async (): Promise<Answer> => {
    try {
      starting ??= start();
      started = await starting;
      return { facts: factsOf(started) };
    } catch (error) {
      if (!isLabError(error)) throw error;
      failure = error;
      const { code, message, hint } = error;
      return { error: { code, message, ...(hint === undefined ? {} : { hint }) } };
    }
  };
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    answer().then(
      (said) => socket.end(JSON.stringify(said)),
      (error: Error) => socket.destroy(error),
    );
  });
  const offer = { socket: join(directory.path, 'ask') };
  server.listen(offer.socket);
  await once(server, 'listening');
  return {
    offer,
    get name() {
      return started ? `${started.flavour} ${started.version}` : 'none';
    },
    trouble: () => failure ?? (started && diskFailure(started.log())),
    async [Symbol.asyncDispose]() {
      server.close();
      await starting?.then((database) => database.stop()).catch(() => {});
      await directory[Symbol.asyncDispose]();
    },
  };
}

/** In a worker: the server, which starts now if it has not. @throws LabError of the main process when there is none */
export async function askForDatabase({ socket }: DatabaseOffer): Promise<DatabaseFacts> {
  const answer = (await json(connect(socket))) as Answer;
  if ('facts' in answer) return answer.facts;
  const { code, message, hint } = answer.error;
  throw new LabError(code, message, hint === undefined ? {} : { hint });
}

/** What of a server its users need; a started one carries more than JSON can. */
function factsOf(database: StartedDatabase): DatabaseFacts {
  const { flavour, version, host, port, rootUser, rootPassword, caFile, caPem } = database;
  return { flavour, version, host, port, rootUser, rootPassword, caFile, caPem };
}
