/** A whole log at once, for who has it as text. */
import type { FormatShare } from './line-counts.ts';
import { LogLines } from './log-lines.ts';
import { type LogFormat, logFormat } from './own-format.ts';
import type { LogRecord } from './record.ts';

/**
 * Reads a log into records, and says which format it has.
 * @throws LabError `LAB_BAD_INPUT` for a format that there is not, or an expression that cannot be used
 */
export function readLog(
  text: string,
  { format }: { readonly format?: LogFormat } = {},
): { readonly records: readonly LogRecord[]; readonly share: FormatShare } {
  const records: LogRecord[] = [];
  const lines = new LogLines({
    onRecord: (record) => records.push(record),
    ...(format === undefined ? {} : { format: logFormat(format) }),
  });
  for (const line of text.split('\n')) lines.line(line);
  lines.flush();
  return { records, share: lines.share() };
}
