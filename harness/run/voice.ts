/**
 * What a story prints, on the terminal with both names in front, and what the runtime warns of because of it: into the journal of
 * the subject that it is played with.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { format } from 'node:util';
import type { Journal } from '../journal/journal.ts';

const levels = ['debug', 'log', 'info', 'warn', 'error'] as const;

interface Voice {
  readonly name: string;
  readonly journal: Journal;
}

const speaking = new AsyncLocalStorage<Voice>();

/** Runs a story; what it prints, and whatever it starts, is heard by `journal`. */
export const withVoice = <T>(voice: Voice, story: () => T): T => speaking.run(voice, story);

/** The journal of whose story the code that runs just now belongs to; undefined where it belongs to none, or cannot be told. */
export const speaker = (): Journal | undefined => speaking.getStore()?.journal;

/** Hears warnings of the runtime from now on; it prints them all the same. */
export function hearWarnings(): void {
  process.on('warning', ({ name, message }) => {
    const journal = speaking.getStore()?.journal;
    journal?.append('process', 'process.warning', journal.scrub({ text: `${name}: ${message}` }));
  });
}

/** Hears `console` from now on. */
export function hearConsole(): void {
  for (const level of levels) {
    const print = console[level].bind(console);
    console[level] = (...said: unknown[]) => {
      const voice = speaking.getStore();
      if (!voice) return print(...said);
      const { text } = voice.journal.scrub({ text: format(...said) });
      voice.journal.append('lab', 'lab.console', { level, text });
      print(`${voice.name}: ${text}`);
    };
  }
}
