/** The readers of server-sent events: a naive one, and one that misses nothing. */
export type { ServerEvent } from './event-stream.ts';
export { type EventReaderPolicy, startHardenedEventReader } from './hardened.ts';
export { startNaiveEventReader } from './naive.ts';
export type { EventReader, EventReaderOptions } from './reader.ts';
