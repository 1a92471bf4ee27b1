/** A log for tests that keeps its records. */
import type { Fields, Level, Log } from '../../../services/agent/shared/log.ts';

/** A record as it was handed to the log. */
export interface KeptRecord {
  readonly level: Level;
  readonly message: string;
  readonly fields: Fields;
}

/** A log whose records can be looked at. */
export interface RecordingLog extends Log {
  readonly records: KeptRecord[];
}

/** Makes an empty log. */
export function recordingLog(): RecordingLog {
  const records: KeptRecord[] = [];
  const write = (level: Level, message: string, fields: Fields = {}): void =>
    void records.push({ level, message, fields });
  const at = (level: Level) => (message: string, fields?: Fields) => write(level, message, fields);
  return {
    records,
    write,
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    fatal: at('fatal'),
  };
}
