/**
 * A service: a program that serves the subject. A rig says what the program needs; the world decides where it runs, in the
 * lab's process or in a container of its own.
 */
import type { Clock } from 'shaketable-proxy/clock';

/** Where a service can be reached from the lab's process. */
export interface ServiceAddress {
  readonly host: string;
  readonly port: number;
}

/** A running service; it is stopped with the table. */
export interface StartedService extends ServiceAddress {
  /** Lets it end what is under way, and stops it. May be called twice. */
  close(): Promise<void>;
}

/** Where a service's log goes: into a file, which is followed, or line by line into the journal. */
export interface ServiceLog {
  readonly file: string;
  /** Begins to read the file into the journal. */
  follow(): void;
  /** Puts a line into the journal, at once. */
  take(line: string): void;
}

/** What a service finds when it runs within the lab's process. */
export interface InProcess {
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  /** The lab clock. */
  readonly clock: Clock;
  /** The file that its log is appended to. */
  readonly log: string;
}

/** An image that is built of the project's own sources. */
export interface ServiceImage {
  readonly name: string;
  /** Path of the Dockerfile from the project's root, which is what it is built from. */
  readonly dockerfile: string;
  /** Files and folders, from the project's root, that decide whether an image is still the right one. */
  readonly sources: readonly string[];
  /** The port that it listens on inside. */
  readonly port: number;
}

/** A service as a rig describes it. */
export interface ServiceProgram {
  /** Environment variables, as an operator would set them. */
  readonly env: Readonly<Record<string, string>>;
  /** Variables that name files, with the content of each. */
  readonly files: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  readonly image: ServiceImage;
  /** Starts it within the lab's process; `env` then has a path for each of `files`. */
  readonly inProcess: (place: InProcess) => Promise<ServiceAddress & AsyncDisposable>;
}
