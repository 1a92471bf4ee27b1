/** A way in which a name shows itself in a text, and what stands in its place. */
export interface Rule {
  readonly find: RegExp;
  readonly replace: (substitutes: Substitutes, found: readonly string[]) => string;
}

/** What gives the same name the same substitute. */
export interface Substitutes {
  /** The substitute for a name of this kind. */
  of(kind: Kind, name: string): string;
  /** The same for a host, which may be an address, or stand for nobody. */
  host(host: string): string;
  address(address: string): string;
  address6(address: string): string;
}

export type Kind =
  | 'host'
  | 'address'
  | 'user'
  | 'id'
  | 'token'
  | 'secret'
  | 'path'
  | 'name'
  | 'package'
  | 'peer'
  | 'identity';

/** Between a key and its value: quotes, escaped as often as it may be, and what stands between. */
export const gap = String.raw`[\\"']{0,8}\s{0,4}(?:=>|:=|[=:]|["'],)\s{0,40}(?:[\\]{0,4}["'])?`;
/** A value: up to its quote, or one word. */
export const value = String.raw`((?<=["'])(?:\\[^"'\n]|[^"'\\\n]){1,2000}|[^\s"'&;,)}\]]{1,2000})`;

/** Words that stand behind a key, and say how it is rather than what it is. */
const ordinary =
  /^(?:is|was|are|has|had|not|no|none|null|nil|true|false|yes|on|off|invalid|valid|expired|missing|failed|failure|error|closed|open|opened|rejected|refused|revoked|unknown|undefined|required|configuration|authentication|authorization|ok|empty|set|unset|redacted|disabled|enabled|active|inactive|locked|suspended|deleted|denied|found|the|a|an|of|in|to|for|and|or|with|from|at|by|does|must|cannot|could|can|will|timeout|timed|connection|lookup|localhost|\*+|x+|\.{3}|…|\d{1,3})[.!?]?$/i;

export const isOrdinary = (word: string): boolean => ordinary.test(word.trim());
