/** What a process of the subject's prints, as evidence: each line an entry, up to a bound that no reader misses. */
import type { Journal } from '../journal/journal.ts';
import type { ProcessOptions } from '../subjects/process.ts';

/** Lines of one stream that are journalled; of the rest, that there were more. */
const mostLines = 2_000;
/** Characters of a line. */
const longest = 4_000;

type Heard = Pick<ProcessOptions, 'onStdoutLine' | 'onStderrLine'>;

/** Listeners for the streams that go nowhere else. */
export function outputOf(
  process: string,
  { stdoutFile, stderrFile }: Pick<ProcessOptions, 'stdoutFile' | 'stderrFile'>,
  journal: Journal,
): Heard {
  const listen = (stream: 'stdout' | 'stderr'): ((line: string) => void) => {
    let lines = 0;
    return (line) => {
      lines += 1;
      if (lines > mostLines + 1) return;
      const text = lines > mostLines ? `… more than ${mostLines} lines` : line.slice(0, longest);
      journal.append('process', 'process.output', { process, stream, line: text });
    };
  };
  return {
    ...(stdoutFile === undefined ? { onStdoutLine: listen('stdout') } : {}),
    ...(stderrFile === undefined ? { onStderrLine: listen('stderr') } : {}),
  };
}
