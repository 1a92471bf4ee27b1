import { describe, expect, it } from 'vitest';
import { commandOf } from '../../../../harness/page/saving/command-line.ts';

/** A template in the code, with @ for $: a plain text of those looks like a mistake to the linter. */
const template = (text: string): string => `\`${text.replaceAll('@', '$')}\``;

describe('a command line that was typed', () => {
  it('is split into words as a shell does, without being one', () => {
    expect(commandOf(`curl -H "X: a b" 'it''s' $HOME ; rm`, []).words).toEqual([
      `'curl'`,
      `'-H'`,
      `'X: a b'`,
      `'its'`,
      `'$HOME'`,
      `';'`,
      `'rm'`,
    ]);
  });

  it('has addresses of links in the place of their names', () => {
    const { words, links } = commandOf('curl http://{api}/x --port {db.port}', ['api', 'db', 'other']);

    expect(words).toEqual([
      `'curl'`,
      template('http://@{link1.host}:@{link1.port}/x'),
      `'--port'`,
      template('@{link2.port}'),
    ]);
    expect(links).toEqual(['api', 'db']);
    expect(commandOf('x {a→b}', ['a→b']).words[1]).toBe(template('@{link.host}:@{link.port}'));
  });

  it('takes JSON, and links with names of any kind', () => {
    const name = `a "b' {c}`;
    expect(commandOf(`curl -d '{"a": {"b": 1}}' {${name}}`, [name]).words).toEqual([
      `'curl'`,
      `'-d'`,
      `'{"a": {"b": 1}}'`,
      template('@{link.host}:@{link.port}'),
    ]);
  });

  it('cannot get out of its template', () => {
    expect(commandOf('x `{api}@{\\'.replace('@', '$'), ['api']).words[1]).toBe(
      template('\\`@{link.host}:@{link.port}\\@{\\\\'),
    );
  });

  it.each([
    ['', 'There is no program'],
    ['   ', 'There is no program'],
    ['curl "http://', 'a quote that is left open'],
    ['curl {nowhere}', 'There is no link nowhere'],
  ])('is refused in words: %j', (text, why) => {
    expect(() => commandOf(text, ['api'])).toThrow(why);
  });
});
