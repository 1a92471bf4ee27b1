/**
 * Which lines belong to the record before them: indented ones, and the unindented lines of stack traces as runtimes write them.
 * Each stack has a line or two that only its language would write; those are told here.
 */

const indented = /^[ \t]/;
/** The frames that rich and structlog draw around a stack. */
const drawn = /^[╭╰│├┌└║┃]/;

const unindented: readonly RegExp[] = [
  // Python
  /^(?:During handling of the above exception|The above exception was the direct cause)/,
  // Java
  /^(?:Caused by|Suppressed|Wrapped by): /,
  /^\.\.\. \d+ (?:more|common frames)/,
  // Go
  /^goroutine \d+ \[/,
  /^\[signal \w+/,
  /^(?:created by|exit status) /,
  // Rust
  /^(?:note: run with `RUST_BACKTRACE|note: Some details are omitted|stack backtrace:)/,
  // .NET
  /^ ?--->? |^--- End of (?:inner exception |stack trace)/,
  // Node
  /^Node\.js v\d+/,
  /^\^+$/,
  /^[}\]],?$/,
  // PHP, Ruby
  /^(?:Stack trace:|#\d+ )/,
  /^\S+\.rb:\d+:in /,
];

/** Rust's, whose text is on the next line. */
const panicked = /^thread '.*' (?:\(\d+\) )?panicked at .*:$/;

const traceback = /^(?:\s*[+|] )?(?:Exception Group )?Traceback \(most recent call last\):/;

/** The first line of a stack: a class whose name says what it is, with its package or a message. */
const thrown =
  /^(?:Uncaught )?(?:(?:[A-Za-z_$][\w$]*\.)+[A-Z][\w$]*(?:Exception|Error|Failure|Throwable|Timeout|Interrupt|Warning|Fault)|[A-Z]\w*(?:Error|Exception)(?: \[\w+\])?)(?=$|:|\s->)/;

/** Characters of a line by which it is told; frames of a stack are shorter. */
const mostMatched = 512;

/** Follows one record through the lines after it. */
export class TraceFollower {
  readonly #own: readonly RegExp[];
  /** The next unindented line is what was thrown: the last of a Python traceback, the second of a Rust panic. */
  #inTraceback: boolean;

  constructor(head: string, own?: RegExp) {
    this.#own = own === undefined ? [] : [own];
    this.#inTraceback = traceback.test(head) || panicked.test(head);
  }

  /** Whether a line belongs to the record; to be asked of each line once, in order. */
  continues(text: string): boolean {
    const line = text.slice(0, mostMatched);
    if (traceback.test(line)) {
      this.#inTraceback = true;
      return true;
    }
    if (indented.test(line) || drawn.test(line)) return true;
    if (this.#inTraceback) {
      this.#inTraceback = false;
      return true;
    }
    if (thrown.test(line)) return true;
    return text.length <= mostMatched && [...unindented, ...this.#own].some((shape) => shape.test(line));
  }
}
