/**
 * One line at the bottom of a terminal that is rewritten in place, and lines that scroll away above it.
 */
export interface LiveLine {
  /** Writes `line` for good, above the live one. */
  print(line: string): void;
  /** Replaces the live line; text beyond the width of the terminal is cut, since a wrapped line cannot be taken back. */
  show(line: string): void;
  /** Takes the live line away. */
  clear(): void;
}

/** Where a terminal's text goes: `process.stdout`, or a list in a test. */
export interface TextSink {
  write(text: string): unknown;
}

/** Whether lines can be rewritten: on a terminal, but not in CI, whose log keeps every one of them. */
export const isLive = (stream: { readonly isTTY?: boolean }): boolean =>
  stream.isTTY === true && !process.env.CI;

const eraseLine = '\r\u001b[2K';

/** A live line on a terminal of `columns` columns. */
export function createLiveLine(stream: TextSink, columns: () => number): LiveLine {
  let live = '';
  const draw = (): unknown => live !== '' && stream.write(live);
  const erase = (): unknown => live !== '' && stream.write(eraseLine);
  return {
    print(line) {
      erase();
      stream.write(`${line}\n`);
      draw();
    },
    show(line) {
      const cut = line.slice(0, Math.max(0, columns() - 1));
      if (cut === live) return;
      erase();
      live = cut;
      draw();
    },
    clear() {
      erase();
      live = '';
    },
  };
}

/** The same where nothing can be taken back, as in a log file: only lines for good. */
export function createPlainLines(stream: TextSink): LiveLine {
  return {
    print: (line) => void stream.write(`${line}\n`),
    show: () => undefined,
    clear: () => undefined,
  };
}
