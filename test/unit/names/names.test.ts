/** Names that stand in logs are in no output, and stay the same names wherever they stand. */
import { describe, expect, it } from 'vitest';
import { Names } from '../../../harness/names/names.ts';
import { forms, plants } from './planted.ts';

const planted = [
  ['api.acme-corp.internal', 'POST https://api.acme-corp.internal:8443/v1/report - connection refused'],
  ['10.20.30.40', 'dial tcp 10.20.30.40:443: connect: connection refused'],
  ['fe80::1ff:fe23:4567:890a', 'connect to [fe80::1ff:fe23:4567:890a]:443 failed'],
  ['jane.doe', 'login failed for jane.doe@acme-corp.com'],
  ['tok_51Hx9aQ8ZlmN', 'Authorization: Bearer tok_51Hx9aQ8ZlmN'],
  ['hunter2hunter2', 'mysql://root:hunter2hunter2@db.acme.net/fleet'],
  ['s3cr3t-value', '{"client_token": "s3cr3t-value"}'],
  ['105945141827451681156', 'Error in ConnectionHandler for user 105945141827451681156: closed'],
  ['5eb85c3f-8817-4483-82b3-bd9fdb2e78c4', 'agent 5eb85c3f-8817-4483-82b3-bd9fdb2e78c4 not found'],
  ['jdoe', 'cannot open /home/jdoe/.fleet/agent.log'],
  [
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcdefghijk',
    'token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcdefghijk expired',
  ],
  ['abc12345...xyz9', 'Current token: abc12345...xyz9'],
] as const;

it.each(planted)('replaces %s', (name, text) => {
  const clean = new Names().replace(text);

  expect(clean).not.toContain(name);
  expect(clean).not.toBe(text);
});

it('gives a name the same substitute everywhere, also where nothing says that it is one', () => {
  const names = new Names();

  expect(names.replace('GET https://api.acme-corp.internal/x')).toBe('GET https://host-1.example/x');
  expect(names.replace('waiting for api.acme-corp.internal')).toBe('waiting for host-1.example');
});

it('takes no word for a host because a host is called so', () => {
  const names = new Names();

  expect(names.replace('GET http://server:5000/x')).toBe('GET http://host-1.example:5000/x');
  expect(names.replace('the server is down')).toBe('the server is down');
});

it('leaves what names nobody', () => {
  const text =
    'POST /api/fleet/report - 200 at agent.py:119 (127.0.0.1, localhost, example.com) 20:26:17.352';

  expect(new Names().replace(text)).toBe(text);
});

it('keeps names on demand, and secrets never', () => {
  const names = new Names({ keep: true });

  const clean = names.replace('https://api.acme-corp.internal Authorization: Bearer tok_51Hx9aQ8ZlmN');

  expect(clean).toContain('api.acme-corp.internal');
  expect(clean).not.toContain('tok_51Hx9aQ8ZlmN');
});

describe('names that were planted', () => {
  for (const [form, make] of Object.entries(forms))
    it(`are not left ${form}`, () => {
      const left = plants.flatMap(({ name, texts }) =>
        texts
          .map((text) => [make(text, name), new Names().replace(make(text, name))] as const)
          .filter(([, clean]) => gives(clean, name)),
      );
      expect(left).toEqual([]);
    });

  it('are not left in base64', () => {
    const secret = Buffer.from('ophelia.quint:zephyr!rosebud').toString('base64');
    for (const text of [
      `Authorization: Basic ${secret}`,
      `sent ${secret} to it`,
      `{"auth":"${secret}"}`,
      `Basic\n    ${secret}`,
    ])
      expect(new Names().replace(text), text).not.toContain(secret.slice(0, 12));
  });

  it('are not left in the fields of a record', () => {
    const record = {
      msg: 'zephyrion is gone',
      hostname: 'zephyrion',
      err: {
        config: { auth: { username: 'ophelia', password: 'rosebud' }, headers: { Cookie: 'sid=moonlight' } },
        address: '10.83.47.219',
        hosts: ['a.zephyrcorp.net'],
      },
      dbUser: 'ophelia',
      clientSecret: 'a b c',
      'ophelia@zephyrcorp.net': 1,
    };
    const names = new Names();
    const text = names.known(JSON.stringify(names.replaceIn(record)));
    expect(text).not.toMatch(/zephyr|ophelia|rosebud|moonlight|10\.83|a b c/);
    expect(JSON.parse(text)).toHaveProperty('err.config.auth.password', 'token-1');
  });

  it('are found in no more time than other texts of their length', () => {
    const parts = [
      'a-',
      'a.',
      '1.',
      '@a',
      '/a',
      '\\a',
      '%41',
      'a=',
      'token=',
      '://',
      'com.',
      'é.',
      'user ',
      "'a'@",
      'A\\',
    ];
    for (const part of parts)
      expect(new Names().replace(part.repeat(600 / part.length)).length).toBeGreaterThan(0);
  });
});

/** As it is, and as anybody would decode it. */
function gives(text: string, name: string): boolean {
  const plain = text.replace(/%[0-9a-f]{2}/gi, (code) =>
    String.fromCharCode(Number.parseInt(code.slice(1), 16)),
  );
  return `${text}\n${plain}`.toLowerCase().includes(name.toLowerCase());
}
