/**
 * Planted secrets and the outputs that they must not turn up in (R3.5). The journal marks them as it goes; files and texts
 * that were written are searched at the end.
 */
import type { Journal } from '../journal/journal.ts';
import { decodedText, longestEscape, spellings } from '../journal/secret-forms.ts';

export interface SecretWatch {
  /** Makes `value` a planted secret; planting it again changes nothing. */
  plant(name: string, value: string): void;
  /** Names something that was written, to be searched at the end; what may be long comes in pieces. */
  output(name: string, content: () => Promise<string> | AsyncIterable<string>): void;
  /** Names something that comes in pieces while the run lasts, and is searched as it comes. */
  stream(name: string): { add(piece: string): void };
  /** Searches every output for every secret in each of its spellings; each search is an entry `lab.secret-scan`. */
  scan(): Promise<void>;
}

export function createSecretWatch(journal: Journal): SecretWatch {
  const secrets = new Map<string, string>();
  const streams: Heard[] = [];
  const outputs: { name: string; content: () => Promise<string> | AsyncIterable<string> }[] = [];
  return {
    plant(name, value) {
      if (secrets.has(value)) return;
      secrets.set(value, name);
      journal.plantSecret(name, value);
    },
    output: (name, content) => void outputs.push({ name, content }),
    stream(name) {
      const heard: Heard = { name, bytes: 0, searches: new Map() };
      streams.push(heard);
      return {
        add(piece) {
          heard.bytes += piece.length;
          for (const value of secrets.keys()) {
            const search = heard.searches.get(value) ?? new Search(spellings(value));
            heard.searches.set(value, search);
            search.add(piece);
          }
        },
      };
    },
    async scan() {
      if (secrets.size === 0) return;
      for (const { name: output, bytes, searches } of streams)
        for (const [value, secret] of secrets)
          journal.append('lab', 'lab.secret-scan', {
            output,
            secret,
            hits: searches.get(value)?.hits ?? 0,
            bytes,
          });
      for (const { name: output, content } of outputs) {
        const searches = [...secrets].map(([value, secret]) => ({
          secret,
          search: new Search(spellings(value)),
        }));
        let bytes = 0;
        for await (const piece of piecesOf(content())) {
          bytes += piece.length;
          for (const { search } of searches) search.add(piece);
        }
        for (const { secret, search } of searches)
          journal.append('lab', 'lab.secret-scan', { output, secret, hits: search.hits, bytes });
      }
    },
  };
}

/** An output that is searched while it comes. */
interface Heard {
  readonly name: string;
  bytes: number;
  /** By the secret's value. */
  readonly searches: Map<string, Search>;
}

/** What was written, as far as it can be read. */
async function* piecesOf(content: Promise<string> | AsyncIterable<string>): AsyncIterable<string> {
  try {
    if (content instanceof Promise) yield await content;
    else yield* content;
  } catch {
    // A file that is not there any more has nothing to be found in it.
  }
}

/** Counts the spellings of a secret in a text that comes in pieces, and those that are found only once the text is decoded. */
class Search {
  hits = 0;
  /** Each spelling with the end of the text, one character shorter than itself. */
  readonly #forms: { readonly form: string; end: string }[];
  /** The end of the text, as long as the longest spelling is when each character of it is escaped. */
  #end = '';
  readonly #longest: number;

  constructor(forms: readonly string[]) {
    this.#forms = forms.map((form) => ({ form, end: '' }));
    this.#longest = longestEscape * Math.max(...forms.map((form) => form.length));
  }

  add(piece: string): void {
    const plain = this.#forms.reduce((sum, each) => sum + this.#seek(each, piece), 0);
    this.hits += plain === 0 ? this.#hiddenIn(piece) : plain;
    this.#end = (this.#end + piece).slice(-this.#longest);
  }

  #seek(each: { readonly form: string; end: string }, piece: string): number {
    const text = each.end + piece;
    each.end = each.form.length > 1 ? text.slice(1 - each.form.length) : '';
    return timesIn(text, each.form);
  }

  /** What the end of the text holds by itself was found before. */
  #hiddenIn(piece: string): number {
    const decoded = decodedText(this.#end + piece);
    if (decoded === undefined) return 0;
    const before = decodedText(this.#end) ?? this.#end;
    const hidden = this.#forms.map(({ form }) => timesIn(decoded, form) - timesIn(before, form));
    return Math.max(0, ...hidden);
  }
}

const timesIn = (text: string, form: string): number => text.split(form).length - 1;
