/**
 * Every kind of entry that a journal can have: who writes it, what it means, and its fields with their units. This table
 * is the only list: `append`, matchers, renderers, the check of scenarios and docs/reference/journal-kinds.md follow from it.
 */
import {
  type Fields,
  number,
  object,
  optional,
  orNull,
  rows,
  text,
  texts,
  values,
  word,
  yesOrNo,
} from './fields.ts';

/** Who saw it: the proxy on the wire, a program's own log, a poll of the database, the lab itself. */
export type Source = 'proxy' | 'server' | 'agent' | 'database' | 'process' | 'fault' | 'subject' | 'lab';

/** One kind of entry. */
export interface Kind {
  /** Who may write it. */
  readonly sources: readonly Source[];
  /** One line that completes "An entry of this kind says that …". */
  readonly meaning: string;
  readonly fields: Fields;
  /** Whose the further fields are; left out, there are no others than `fields`. */
  readonly open?: string;
}

const link = text('the link that it was on');
const connection = number('number', 'the connection, counted on each link from 1');
const onConnection = { link, connection };
const fault = text('the fault’s id in the scenario');
const faultKind = text('what the fault is: the toxic’s type, or the term for the effect');
const onFault = { fault, faultKind, link: optional(link) };
const record = {
  level: text('`trace`, `debug`, `info`, `warn`, `error` or `fatal`; `unknown` for a line that names none'),
  message: text('the text of the record'),
  event: optional(text('the program’s own name for what the record tells')),
  severityText: optional(text('the level as it is written, where that is another word or a number')),
  stamp: optional(
    text('the time as it is written, where that is text, or a number that is not called `time`'),
  ),
  cutBytes: optional(number('bytes', 'what was left out of a line that was too long')),
  continued: optional(yesOrNo('whether it goes on from the record before, which had too many lines')),
};

export const entryKinds = {
  'connection.open': {
    sources: ['proxy'],
    meaning: 'a client connected to the proxy',
    fields: {
      ...onConnection,
      clientAddress: text('the client’s address'),
      clientPort: number('port', 'the client’s port'),
      dialler: optional(text('who dialled, where the scenario said so (`as`)')),
    },
  },
  'connection.through': {
    sources: ['proxy'],
    meaning: 'the proxy connected to the server on the client’s behalf',
    fields: {
      ...onConnection,
      localPort: number('port', 'the port by which the server knows the connection; 0 without TCP'),
    },
  },
  'connection.refused': {
    sources: ['proxy'],
    meaning: 'the server did not take the connection',
    fields: { ...onConnection, code: text('the error of the system, such as `ECONNREFUSED`') },
  },
  'connection.end': {
    sources: ['proxy'],
    meaning: 'one side of a connection ended it; the other may not have learnt of it',
    fields: {
      ...onConnection,
      side: word(['client', 'upstream'], 'whose FIN or RST arrived at the proxy'),
      how: word(['fin', 'reset'], 'which of the two'),
    },
  },
  'connection.close': {
    sources: ['proxy'],
    meaning: 'a connection ended',
    fields: {
      ...onConnection,
      receivedUp: number('bytes', 'what came from the client'),
      bytesUp: number('bytes', 'what of it was handed on to the server'),
      receivedDown: number('bytes', 'what came from the server'),
      bytesDown: number('bytes', 'what of it was handed on to the client'),
      end: word(['fin', 'reset', 'stopped'], 'how it ended; `stopped`: without a word to the peers'),
      by: word(['client', 'upstream', 'toxic', 'api'], 'who ended it'),
      error: optional(text('what a toxic of the proxy failed at, where that ended it')),
      ageMs: number('ms', 'how long it lasted'),
    },
  },
  'tls.client-hello': {
    sources: ['proxy'],
    meaning: 'a client began a TLS handshake',
    fields: {
      ...onConnection,
      serverName: optional(text('the name that it asks for (SNI)')),
      alpn: texts('the application protocols that it offers'),
      offersResumption: yesOrNo('whether it offers a session ticket or a pre-shared key'),
      versions: texts('the versions of TLS that it offers, such as `TLSv1.3`'),
    },
  },
  'tls.handshake': {
    sources: ['proxy'],
    meaning: 'a TLS handshake was completed, or ended before that',
    fields: {
      ...onConnection,
      outcome: word(['complete', 'failed'], 'what became of it'),
      version: optional(text('`TLSv1.2` or `TLSv1.3`; missing when no ServerHello was seen')),
      cipher: optional(text('the cipher suite’s IANA number, such as `0x1301`')),
      resumed: optional(yesOrNo('whether a session was resumed')),
      chosenAlpn: optional(text('the application protocol; hidden in TLS 1.3')),
      durationMs: number('ms', 'from the ClientHello to the outcome'),
      lastStage: word(
        ['none', 'client_hello', 'server_hello', 'certificate', 'finished'],
        'the last stage that was seen',
      ),
      roundTrips: optional(
        number('count', 'flights of the server that the client waited for before its data'),
      ),
      handshakeBytesUp: optional(number('bytes', 'the handshake’s records from the client')),
      handshakeBytesDown: optional(number('bytes', 'the handshake’s records from the server')),
      alert: optional(text('the number of the alert that was seen, such as `48`, or `encrypted`')),
    },
  },
  'fault.installed': {
    sources: ['fault'],
    meaning: 'a fault came into force',
    fields: {
      ...onFault,
      engine: optional(word(['toxiproxy', 'shaketable'], 'which proxy makes a fault on a link')),
      params: values('the parameters of the fault'),
    },
  },
  'fault.strike': {
    sources: ['proxy', 'fault'],
    meaning: 'a fault hit something',
    fields: {
      ...onFault,
      reason: text('what it did, in a few words'),
      connection: optional(number('number', 'the connection that it hit, for a toxic')),
      stream: optional(word(['upstream', 'downstream'], 'the direction of the bytes that it hit')),
      offset: optional(number('bytes', 'how much of the direction had passed before')),
      bytes: optional(number('bytes', 'how much was in hand when it struck')),
      delivered: optional(yesOrNo('whether those bytes still arrive, late or in pieces')),
      reached: optional(yesOrNo('whether their receiver was still there; a strike at nobody does not count')),
      host: optional(text('the name that could not be looked up')),
    },
  },
  'fault.skipped': {
    sources: ['proxy'],
    meaning: 'a fault left a connection alone, because it cannot act on what the connection carries',
    fields: {
      ...onFault,
      connection,
      reason: text('what it found in place of what it reads, in a few words'),
    },
  },
  'fault.lifted': {
    sources: ['fault'],
    meaning: 'a fault was taken away again',
    fields: {
      ...onFault,
      reason: text('why at this moment, in words'),
      strikes: number('count', 'how often it had struck'),
    },
  },
  'toxiproxy.proxy': {
    sources: ['proxy'],
    meaning: 'the real Toxiproxy described a proxy of its own when a toxic was added',
    fields: {
      link,
      name: text('the proxy’s name there'),
      listen: text('where it listens'),
      upstream: text('where it connects to'),
      enabled: yesOrNo('whether it accepts connections'),
      toxics: rows('its toxics, as its API shows them'),
    },
    open: 'those of Toxiproxy’s API',
  },
  'toxiproxy.metrics': {
    sources: ['proxy'],
    meaning: 'the real Toxiproxy counted bytes, over all connections that had ended',
    fields: {
      link,
      proxy: text('the proxy’s name there'),
      receivedUp: optional(number('bytes', 'what came from clients')),
      sentUp: optional(number('bytes', 'what was sent to the server')),
      receivedDown: optional(number('bytes', 'what came from the server')),
      sentDown: optional(number('bytes', 'what was sent to clients')),
    },
  },
  'server.log': {
    sources: ['server'],
    meaning: 'the server logged a record, at the time that the record carries',
    fields: { ...record, log: optional(text('the name of its log file')) },
    open: 'the server’s own',
  },
  'agent.log': {
    sources: ['agent'],
    meaning: 'the subject logged a record, at the time that the record carries',
    fields: { ...record, log: text('the name of its log file') },
    open: 'the subject’s own',
  },
  'database.rows': {
    sources: ['database'],
    meaning: 'a query that is asked again and again was answered, or failed',
    fields: {
      query: text('its name in the scenario'),
      rows: optional(rows('the rows, with their columns as fields')),
      error: optional(
        object('why there are no rows', {
          code: text('`LAB_TIMEOUT`, or the code of the driver'),
          message: text('the error in words'),
        }),
      ),
    },
  },
  'database.row': {
    sources: ['database'],
    meaning: 'a scenario found this row in the database: one entry for each row',
    fields: { query: text('the query’s name in the scenario') },
    open: 'the columns of the row',
  },
  'process.sample': {
    sources: ['process'],
    meaning: 'a process held this much at that moment',
    fields: {
      rssBytes: optional(number('bytes', 'resident memory')),
      threads: optional(number('count', 'threads')),
      cpuMs: optional(number('ms', 'processor time since it started, in real milliseconds')),
      fds: optional(number('count', 'open descriptors')),
      sockets: optional(number('count', 'open sockets')),
    },
    open: 'whatever else the scenario counted',
  },
  'process.left': {
    sources: ['process'],
    meaning: 'a subject in the lab’s own process had stopped, and this much of it was still there',
    fields: {
      who: text('its name in the scenario'),
      timers: number('count', 'waits on its clock that were neither over nor cancelled'),
      sockets: number('count', 'sockets that it had dialled and that were not closed'),
      mostListeners: number('count', 'listeners on one signal that it waited with, at the most so far'),
      unsettled: optional(number('count', 'what it had been given and had no outcome yet, by its own word')),
      bufferedBytes: optional(number('bytes', 'what it held to be sent, by its own word')),
    },
  },
  'process.exit': {
    sources: ['process'],
    meaning: 'a process of the subject ended',
    fields: {
      process: text('its name in the scenario'),
      code: orNull(number('exit code', 'null when a signal ended it')),
      signal: orNull(text('the signal that ended it, such as `SIGTERM`; null when it exited')),
      ranMs: number('ms', 'how long it ran'),
    },
  },
  'process.output': {
    sources: ['process'],
    meaning: 'a process of the subject printed a line that goes into no file',
    fields: {
      process: text('its name in the scenario'),
      stream: word(['stdout', 'stderr'], 'where'),
      line: text('the line; of a stream 2,000 at most, each up to 4,000 characters'),
      level: optional(text('the level of the log record that the line begins or belongs to')),
      continues: optional(yesOrNo('whether the line belongs to the record before, as a stack trace does')),
    },
  },
  'log.format': {
    sources: ['lab'],
    meaning: 'a log has ended, and its lines had this format',
    fields: {
      of: word(['agent', 'server', 'process'], 'whose log it is'),
      log: text('the name of the log, or the process and its stream'),
      format: text('the format that reads the most lines; `unknown` for none'),
      lines: number('count', 'lines that there were'),
      read: number('count', 'lines of that format, with those that belong to its records'),
      unread: number('count', 'lines that no format reads: each has a record of unknown level'),
      others: optional(values('lines of other formats, by the format’s name')),
      cut: optional(number('count', 'lines that were too long, and were cut')),
      leftOut: optional(number('count', 'lines after the most that a journal keeps of a log')),
    },
  },
  'process.warning': {
    sources: ['process'],
    meaning: 'the runtime warned of something that the story does, or what it has put on the table',
    fields: { text: text('the warning, as `MaxListenersExceededWarning: …`') },
  },
  'subject.note': {
    sources: ['subject'],
    meaning: 'the scenario saw something of its subject',
    fields: { name: text('what the note is about') },
    open: 'the scenario’s own',
  },
  'lab.waited': {
    sources: ['lab'],
    meaning: 'the story waited for an entry that did not come in time',
    fields: {
      meant: text('the matcher in words'),
      nth: number('count', 'the how-manieth of them was waited for'),
      withinMs: number('ms', 'how long'),
      stalledShare: number('number', 'the share of that time in which the machine stood still, 0 to 1'),
    },
  },
  'lab.hung': {
    sources: ['lab'],
    meaning: 'the subject did not come to an end within its bound',
    fields: {
      how: word(
        ['waits', 'spins', 'blocks'],
        'a promise that never settled; code that never returned; a call that never returned',
      ),
      part: word(['story', 'stop'], 'what did not end: the story, or the stop of the subject after it'),
      boundMs: number('ms', 'the bound, in real milliseconds: of processor time where it spins'),
      at: optional(text('the scenario’s own line that it was at, where it can be told')),
    },
  },
  'lab.held': {
    sources: ['lab'],
    meaning:
      'a call held the lab’s thread until now without computing, as `execSync` does: whatever was late meanwhile is the scenario’s own doing',
    fields: {
      lateMs: number('ms', 'for how long'),
      realMs: number('ms', 'for how long, in real milliseconds'),
    },
  },
  'lab.stall': {
    sources: ['lab'],
    meaning: 'the machine stood still until now: the lab’s thread wanted to go on and got no processor time',
    fields: {
      lateMs: number('ms', 'for how long'),
      realMs: number('ms', 'for how long, in real milliseconds'),
    },
  },
  'lab.stopped': {
    sources: ['lab'],
    meaning: 'what the story had put on the table was asked to stop, at its end, and did',
    fields: { tookMs: number('ms', 'until it had, or something of it failed to') },
  },
  'lab.log-file': {
    sources: ['lab'],
    meaning: 'a log file was there at the end, rotated ones included',
    fields: {
      writer: word(['agent', 'server'], 'whose log it is'),
      log: text('the log’s name'),
      file: text('the file’s name'),
      mode: text('who may do what with it, in octal digits, as `600`'),
      bytes: number('bytes', 'how long it is'),
    },
  },
  'lab.console': {
    sources: ['lab'],
    meaning: 'the scenario printed something',
    fields: {
      level: word(['debug', 'log', 'info', 'warn', 'error'], 'the method of `console`'),
      text: text('what it printed'),
    },
  },
  'lab.secret-scan': {
    sources: ['lab'],
    meaning: 'an output was searched for a planted secret, at the end of the run',
    fields: {
      output: text('what was searched, such as `agent log`'),
      secret: text('the name of the secret'),
      hits: number('count', 'how often it was found, in any of its spellings'),
      bytes: number('bytes', 'how long the output is'),
    },
  },
} as const satisfies Readonly<Record<string, Kind>>;

type Kinds = typeof entryKinds;

/** The name of a kind. */
export type EntryKind = keyof Kinds;

/** A kind whose entries have further fields of somebody else's. */
export type OpenKind = { [K in EntryKind]: Kinds[K] extends { open: string } ? K : never }[EntryKind];

/** The definitions of a kind's fields. */
export type FieldsOf<K extends EntryKind> = Kinds[K]['fields'];

/** Who may write entries of a kind. */
export type SourceOf<K extends EntryKind> = Kinds[K]['sources'][number];

/** The kind of that name, or undefined: stored journals and scenarios without types may name any. */
export function kindOf(name: unknown): Kind | undefined {
  return typeof name === 'string' && Object.hasOwn(entryKinds, name)
    ? entryKinds[name as EntryKind]
    : undefined;
}
