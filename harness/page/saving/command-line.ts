/**
 * A program as a user types it, for a scenario about a server of the user’s: words, quotes as in a shell, and `{link}` for the address
 * of a link (`{link.port}` for its port alone).
 */
import { LabError } from '../../errors.ts';
import { quoted } from '../../scenario-text/source-text.ts';

/** A word as an expression, with the links that it names. */
export interface CommandWords {
  readonly words: readonly string[];
  readonly links: readonly string[];
}

/** @throws LabError `LAB_BAD_INPUT` for no command at all, a quote that is left open, or a link that there is none of */
export function commandOf(text: string, links: readonly string[]): CommandWords {
  const used = new Set<number>();
  const words = split(marked(text, links)).map((word) => expressionOf(word, links, used));
  if (words.length > 0) return { words, links: links.filter((_, index) => used.has(index)) };
  throw new LabError('LAB_BAD_INPUT', 'There is no program to play it against', {
    hint: `Give its command line, with {${links[0] ?? 'link'}} for the address of a link.`,
  });
}

/** The constant that a link has in the story. */
export const linkConstant = (links: readonly string[], name: string): string =>
  links.length === 1 ? 'link' : `link${links.indexOf(name) + 1}`;

/** Names of links may hold anything, quotes too: what stands for them is put between characters that nobody types. */
function marked(text: string, links: readonly string[]): string {
  const typed = text.replaceAll(/[\ue000-\ue002]/g, '');
  return links.reduce(
    (rest, name, index) =>
      rest
        .replaceAll(`{${name}.port}`, () => `\ue000${index}\ue002`)
        .replaceAll(`{${name}}`, () => `\ue000${index}\ue001`),
    typed,
  );
}

function split(text: string): string[] {
  const words: string[] = [];
  const rest = text.replaceAll(/\s*((?:"[^"]*"|'[^']*'|[^\s"'])+)/g, (_, word: string) => {
    words.push(word.replaceAll(/"([^"]*)"|'([^']*)'/g, (_all, double, single) => double ?? single));
    return '';
  });
  if (rest.trim() === '') return words;
  throw new LabError('LAB_BAD_INPUT', 'The command line has a quote that is left open');
}

function expressionOf(word: string, links: readonly string[], used: Set<number>): string {
  const unknown = /\{([^\s{}"':,]+)\}/.exec(word)?.[1];
  if (unknown !== undefined)
    throw new LabError('LAB_BAD_INPUT', `There is no link ${unknown} for {${unknown}}`, {
      hint: `The links are ${links.join(', ') || 'none'}.`,
    });
  if (!word.includes('\ue000')) return quoted(word);
  const parts = word.split(/(\ue000\d+[\ue001\ue002])/).map((part) => {
    const [, index, which] = /^\ue000(\d+)([\ue001\ue002])$/.exec(part) ?? [];
    if (index === undefined) return templateText(part);
    used.add(Number(index));
    const constant = linkConstant(links, links[Number(index)] ?? '');
    return which === '\ue002' ? `\${${constant}.port}` : `\${${constant}.host}:\${${constant}.port}`;
  });
  return `\`${parts.join('')}\``;
}

const templateText = (text: string): string => text.replaceAll(/[\\`]|\$(?=\{)/g, '\\$&');
