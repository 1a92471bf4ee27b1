/** A reader of a server's events: it keeps a stream open, over as many connections as that takes. */
import type { Clock } from '../../clock.ts';
import type { Random } from '../../random.ts';
import type { Dial } from '../shared/dial.ts';
import type { LogSink } from '../shared/log.ts';
import type { ServerEvent } from './event-stream.ts';

/** What a reader is made of. */
export interface EventReaderOptions {
  /** Of the stream; `http` or `https`. */
  readonly url: string;
  readonly token: string;
  /** Certificates (PEM) of the authorities that the server's is verified against, instead of Node's own. */
  readonly ca?: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly dial: Dial;
  readonly log: LogSink;
  /** Called with each event, in the order of the stream. */
  readonly onEvent: (event: ServerEvent) => void;
}

/** Reads until it is disposed of, or until there is no point in trying. */
export interface EventReader extends AsyncDisposable {
  /** Resolves when it reads no more. */
  readonly ended: Promise<void>;
}
