/**
 * What the server tells the page, and what the page asks of it: one JSON value a line, and one JSON object a request. Types
 * alone, for both sides.
 */
import type { AttributeForm, AttributeValue, Selector, Unit } from 'shaketable-proxy';

/** A kind of toxic, as a form is made from it. */
export interface ToxicKind {
  readonly type: string;
  /** What it reads: `TCP and time`, `TLS`, `HTTP`, `WebSocket`, `MySQL`. */
  readonly group: string;
  readonly summary: string;
  readonly attributes: readonly AttributeField[];
}

export interface AttributeField {
  readonly name: string;
  readonly initial: AttributeValue;
  readonly unit?: Unit;
  readonly range: string;
  readonly form: AttributeForm;
}

/** A toxic in force. */
export interface ToxicRow {
  readonly name: string;
  readonly type: string;
  readonly stream: 'upstream' | 'downstream' | 'both';
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly toxicity: number;
  readonly only?: Selector;
  readonly strikes: number;
}

export interface LinkRow {
  readonly name: string;
  readonly listen: string;
  readonly upstream: string;
  readonly enabled: boolean;
  readonly toxics: readonly ToxicRow[];
  /** Connections that are open. */
  readonly open: number;
}

export interface ConnectionRow {
  readonly id: string;
  readonly link: string;
  readonly number: number;
  readonly state: string;
  readonly protocol: string;
  /** The client’s address and port. */
  readonly client: string;
  /** Epoch ms. */
  readonly openedAt: number;
  /** When a byte last moved, epoch ms to 100 ms. */
  readonly lastAt: number;
  readonly bytesUp: number;
  readonly bytesDown: number;
  /** The toxics that apply to it. */
  readonly toxics: readonly string[];
  /** What struck it, as `name ×3`; a strike that reached nobody is in brackets. */
  readonly strikes: readonly string[];
  readonly paused: boolean;
  /** How it ended and by whom. */
  readonly end?: string;
}

/** Links as far as they are shown. */
export interface LinksShown {
  readonly rows: readonly LinkRow[];
  readonly all: number;
}

/** Connections as far as they are shown. */
export interface ConnectionsShown {
  readonly rows: readonly ConnectionRow[];
  readonly open: number;
  /** How many there are that fit the filter, shown or not. */
  readonly fitting: number;
}

/** Something that happened, or a record of a log. */
export interface Line {
  readonly n: number;
  /** Epoch ms. */
  readonly at: number;
  readonly log: boolean;
  readonly source: string;
  readonly kind: string;
  readonly level?: string;
  readonly text: string;
}

/** A program that the page can start. */
export interface ProgramRow {
  readonly name: string;
  readonly about: string;
  /** Its environment unless something else is given. */
  readonly env: Readonly<Record<string, string>>;
  readonly running: boolean;
}

/** What was done by hand since the recording began. */
export interface RecordingRow {
  /** Epoch ms. */
  readonly since: number;
  readonly deeds: number;
}

/** What will be saved, or was. */
export interface Saved {
  /** The path as the user would type it. */
  readonly file: string;
  readonly text: string;
  /** What was done, a line each. */
  readonly deeds: readonly string[];
  /** How the checks judge what was done. */
  readonly judged: readonly { readonly id: string; readonly outcome: string; readonly measured: string }[];
  /** What to type next. */
  readonly next: string;
}

/** What changed; what is left out is as before. */
export interface Update {
  /** The server's clock, epoch ms. */
  readonly now: number;
  readonly links?: LinksShown;
  readonly connections?: ConnectionsShown;
  readonly lines?: readonly Line[];
  /** Lines that were left out, since there were more than anybody reads. */
  readonly leftOut?: number;
  readonly programs?: readonly ProgramRow[];
  readonly recording?: RecordingRow;
}

/** The filter of the connections, in the address of the stream. */
export interface ConnectionFilter {
  /** Empty for all. */
  readonly link: string;
  readonly ended: boolean;
}
