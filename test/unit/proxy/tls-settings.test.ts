import { expect, it } from 'vitest';
import { createAuthority } from '../../../proxy/certificates/index.ts';
import { parseJson } from '../../../proxy/core/json.ts';
import {
  changeTls,
  decodeTls,
  isHostName,
  type TlsSettings,
  versionRange,
} from '../../../proxy/tls/settings.ts';

const decode = (value: unknown) => decodeTls(parseJson(JSON.stringify(value)));

function settingsOf(value: unknown, current?: TlsSettings): TlsSettings | undefined {
  const change = decode(value);
  return change === undefined ? current : changeTls(current, change);
}

it('takes true for the defaults and false for no TLS', () => {
  expect(settingsOf(true)).toEqual(settingsOf({}));
  expect(settingsOf(true)).toMatchObject({ certificate: 'valid', versions: ['TLSv1.2', 'TLSv1.3'] });
  expect(settingsOf(false, settingsOf(true))).toBeUndefined();
});

it('keeps what a change leaves out or sets to null', () => {
  const before = settingsOf({ certificate: 'expired', tickets: 'refused' });

  expect(settingsOf({ tickets: 'accepted', certificate: null }, before)).toEqual({
    ...before,
    tickets: 'accepted',
  });
});

it('takes versions in any order, without a gap', () => {
  const range = (versions: readonly string[]) => {
    const settings = settingsOf({ versions });
    return settings && versionRange(settings);
  };

  expect(range(['TLSv1.3', 'TLSv1.2'])).toEqual({ min: 'TLSv1.2', max: 'TLSv1.3' });
  expect(range(['TLSv1'])).toEqual({ min: 'TLSv1', max: 'TLSv1' });
  expect(() => range(['TLSv1', 'TLSv1.3'])).toThrow('without a gap');
  expect(() => range([])).toThrow('without a gap');
});

it('takes any number of authorities for the server, and nothing that is no certificate', async () => {
  const [first, second] = await Promise.all(
    ['One', 'Two'].map((name) => createAuthority({ name, now: Date.now() })),
  );
  const pem = `${first?.certPem}${second?.certPem}`;

  expect(settingsOf({ upstream_ca: pem })).toMatchObject({ upstream_ca: pem });
  expect(() => settingsOf({ upstream_ca: pem.replace('MII', 'AAA') })).toThrow('tls.upstream_ca');
  expect(() => settingsOf({ upstream_ca: first?.keyPem })).toThrow('no certificate');
});

it('knows names that may be asked for', () => {
  for (const name of ['server.test', 'a', 'xn--bcher-kva.example', 'with_underscore.internal', 'A-1.b'])
    expect(isHostName(name)).toBe(true);
  for (const name of [
    '',
    '127.0.0.1',
    '::1',
    'sp ace',
    '-a',
    'a.',
    'ü',
    `${'a'.repeat(254)}`,
    'a\0b',
    '*.test',
  ])
    expect(isHostName(name)).toBe(false);
});

it.each([
  [{ nonsense: 1 }, 'certificate, host'],
  [{ certificate: 'Valid' }, 'tls.certificate'],
  [{ alpn: 'http/1.1' }, 'array of names of protocols'],
  [{ alpn: ['sp ace'] }, 'array of names of protocols'],
  [{ versions: ['TLSv1.4'] }, 'array of versions of TLS'],
  [{ upstream_verify: 'yes' }, 'tls.upstream_verify'],
  [{ only: { nonsense: 1 } }, 'nth'],
  [{ only: { from_bytes: 1 } }, 'none for tls'],
  [{ only: { above: 1 } }, 'only.above'],
  [{ host: 'a b' }, 'tls.host'],
  [{ toString: 1 }, 'certificate, host'],
  [[], 'an object, true or false'],
])('refuses %j', (value, words) => {
  expect(() => settingsOf(value)).toThrow(words);
});
