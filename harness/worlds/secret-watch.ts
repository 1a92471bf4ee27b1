/**
 * Planted secrets and the outputs that they must not turn up in (R3.5). The journal marks them as it goes; files and texts
 * that were written are searched at the end.
 */
import type { Journal } from '../journal/journal.ts';
import { spellings } from '../journal/scrub.ts';

export interface SecretWatch {
  /** Makes `value` a planted secret; planting it again changes nothing. */
  plant(name: string, value: string): void;
  /** Names something that was written, to be searched at the end. */
  output(name: string, content: () => Promise<string>): void;
  /** Searches every output for every secret in each of its spellings; each search is an entry `lab.secret-scan`. */
  scan(): Promise<void>;
}

export function createSecretWatch(journal: Journal): SecretWatch {
  const secrets = new Map<string, string>();
  const outputs: { name: string; content: () => Promise<string> }[] = [];
  return {
    plant(name, value) {
      if (secrets.has(value)) return;
      secrets.set(value, name);
      journal.plantSecret(name, value);
    },
    output: (name, content) => void outputs.push({ name, content }),
    async scan() {
      if (secrets.size === 0) return;
      for (const { name: output, content } of outputs) {
        const text = await content().catch(() => '');
        for (const [value, secret] of secrets) {
          const hits = spellings(value).reduce((sum, form) => sum + text.split(form).length - 1, 0);
          journal.append('lab', 'lab.secret-scan', { output, secret, hits, bytes: text.length });
        }
      }
    },
  };
}
