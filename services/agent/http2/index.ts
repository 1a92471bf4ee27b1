/** Reporters over HTTP/2: a naive one, and one that takes the server at its word. */
export { startHardenedReporter } from './hardened.ts';
export { startNaiveReporter } from './naive.ts';
export type { Reporter, ReporterOptions } from './reporter.ts';
