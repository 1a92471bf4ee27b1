/** A log's destination that tests can read, and in which they can wait for a record. */

export type LogRecord = Record<string, unknown> & {
  event?: string;
  level: string;
  time: number;
  msg: string;
};

export interface LogSink {
  write(line: string): void;
  records: readonly LogRecord[];
  /** The records of an event. */
  of(event: string): LogRecord[];
  /** The first record, written already or yet to come, of `event` with these facts. */
  find(event: string, facts?: Record<string, unknown>): Promise<LogRecord>;
  text(): string;
}

export function createLogSink(): LogSink {
  const lines: string[] = [];
  const records: LogRecord[] = [];
  const waiting = new Set<(record: LogRecord) => void>();

  return {
    records,
    write(line) {
      const record: LogRecord = JSON.parse(line);
      lines.push(line);
      records.push(record);
      for (const look of [...waiting]) look(record);
    },
    of: (event) => records.filter((record) => record.event === event),
    find(event, facts = {}) {
      const isMeant = (record: LogRecord): boolean =>
        record.event === event && Object.entries(facts).every(([name, value]) => record[name] === value);
      const written = records.find(isMeant);
      if (written !== undefined) return Promise.resolve(written);
      return new Promise((resolve) => {
        const look = (record: LogRecord): void => {
          if (!isMeant(record)) return;
          waiting.delete(look);
          resolve(record);
        };
        waiting.add(look);
      });
    },
    text: () => lines.join(''),
  };
}
