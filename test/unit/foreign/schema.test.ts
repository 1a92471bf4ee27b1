/** What a subject file may say, and what is told of one that says something else. */
import { describe, expect, it } from 'vitest';
import { boundsOf, parseSubject, subjectJsonSchema } from '../../../harness/foreign/schema.ts';
import { checkNames } from '../../../harness/foreign/subject-file.ts';

const least = { name: 'mine', command: ['python3', 'agent.py'] };

describe('a subject file', () => {
  it('needs a name and a command, and no more', () => {
    expect(parseSubject(least, 'mine.json')).toEqual(least);
  });

  it('may name its schema for an editor', () => {
    expect(parseSubject({ $schema: './subject.schema.json', ...least }, 'mine.json')).toEqual(least);
  });

  it.each([
    [{ name: 'mine' }, 'command: it is missing'],
    [{ ...least, command: 'python3 agent.py' }, 'command: '],
    [{ ...least, command: ['python3 agent.py'] }, 'write a word each, as ["python3","agent.py"]'],
    [{ ...least, name: '../mine' }, 'name: expected letters, digits'],
    [{ ...least, cycle: 5 }, 'there is no `cycle`; did you mean cycleMs?'],
    [
      { ...least, checks: { quiet: { atMots: 1 } } },
      'checks.quiet: there is no `atMots`; did you mean atMost?',
    ],
    [{ ...least, env: { URL: '{{serverURL}}' } }, 'env.URL: there is no {{serverURL}}; there are serverUrl'],
    [{ ...least, env: { C: '{{file:b}}' }, files: { a: '' } }, 'env.C: there is no {{file:b}}'],
    [{ ...least, adapter: ['telnet'] }, 'adapter.0'],
    [
      { ...least, adapter: ['http'], env: { URL: '{{serverUrl}}' } },
      'env.URL: an adapter is told by commands',
    ],
    [{ ...least, server: { routes: { 'post /x': {} } } }, 'server'],
    [{ ...least, server: { url: 'ftp://example.test' } }, 'server'],
    [{ ...least, log: { format: 'pinoo' } }, 'log.format: There is no log format pinoo'],
    [{ ...least, log: { format: { pattern: '(?<level>x)' } } }, 'log.format: '],
    [{ ...least, ready: { log: '(' } }, 'ready.log: '],
    [{ ...least, checks: { quite: false } }, 'quite'],
    [
      { ...least, checks: { quiet: { withinMs: 3 } } },
      'checks.quiet: it has no withinMs; its bounds are atMost',
    ],
    [{ ...least, checks: { exit: { atMost: 3 } } }, 'checks.exit: it has no atMost; it is on, or false'],
    [
      { ...least, knownFailing: [{ scenario: 'a', check: 'b', reason: 'c', since: 'yesterday' }] },
      'knownFailing.0.since: expected a date',
    ],
    [{ ...least, secrets: { key: 'abc' } }, 'secrets.key: a secret of fewer than 6 characters'],
    [[], 'expected object'],
  ])('is refused where %j, with what is wrong', (given, said) => {
    expect(() => parseSubject(given, 'mine.json')).toThrow(said);
    expect(() => parseSubject(given, 'mine.json')).toThrow('mine.json is not a subject file');
  });

  it('tells every mistake at once', () => {
    expect(() => parseSubject({ ...least, tls: 'yes', cycleMs: -1 }, 'mine.json')).toThrow(
      /tls: .*cycleMs: /,
    );
  });

  it('has bounds for every check, and a schema for editors', () => {
    expect(Object.keys(boundsOf).toSorted()).toEqual([...checkNames].toSorted());
    expect(subjectJsonSchema()).toMatchObject({ type: 'object', required: ['name', 'command'] });
  });
});
