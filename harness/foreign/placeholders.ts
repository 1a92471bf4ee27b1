/** Placeholders of a subject file: `{{serverUrl}}` and its like, in arguments, environment and configuration files. */

/** What each stands for. */
export interface PlaceholderValues {
  /** `https://127.0.0.1:<port>`, the server behind the fault proxy. */
  readonly serverUrl: string;
  /** The same with `wss`. */
  readonly wsUrl: string;
  readonly serverHost: string;
  readonly serverPort: string;
  /** A client token that the server accepts. It is a planted secret. */
  readonly token: string;
  /** The lab's authority, as a PEM file. */
  readonly caFile: string;
  /** The same as a Java key store, password `changeit`. */
  readonly trustStore: string;
  readonly agentId: string;
  /** The run's database as `mysql://user:password@host:port/name`; empty where there is none. */
  readonly dbUrl: string;
  /** An HTTP proxy that leads over the lab's link: for `HTTPS_PROXY`. */
  readonly proxyUrl: string;
  /** A directory of this run's own; it is removed afterwards. */
  readonly dir: string;
}

/** Their names. */
export const placeholders: readonly (keyof PlaceholderValues)[] = [
  'serverUrl',
  'wsUrl',
  'serverHost',
  'serverPort',
  'token',
  'caFile',
  'trustStore',
  'agentId',
  'dbUrl',
  'proxyUrl',
  'dir',
];

const placeholder = /\{\{\s*([\w:.-]+)\s*\}\}/g;

/** Names in `text` that stand for nothing. */
export function unknownPlaceholders(text: string, files: readonly string[]): string[] {
  return [...text.matchAll(placeholder)].map(([, name = '']) => name).filter((name) => !isKnown(name, files));
}

/** `text` with each placeholder replaced; `files` has the path of each configuration file by its name. */
export function fill(
  text: string,
  values: PlaceholderValues,
  files: Readonly<Record<string, string>> = {},
): string {
  return text.replace(placeholder, (whole, name: string) => {
    if (name.startsWith('file:')) {
      const file = name.slice('file:'.length);
      return Object.hasOwn(files, file) ? (files[file] ?? whole) : whole;
    }
    return Object.hasOwn(values, name) ? values[name as keyof PlaceholderValues] : whole;
  });
}

function isKnown(name: string, files: readonly string[]): boolean {
  if (name.startsWith('file:')) return files.includes(name.slice('file:'.length));
  return (placeholders as readonly string[]).includes(name);
}
