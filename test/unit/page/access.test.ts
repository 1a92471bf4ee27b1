import type { IncomingHttpHeaders } from 'node:http';
import { describe, expect, it } from 'vitest';
import { refusalOf } from '../../../harness/page/access.ts';

const token = 'a-token-of-some-length';

const document = (headers: IncomingHttpHeaders, query = `?token=${token}`) =>
  refusalOf({ headers, url: new URL(`http://page/${query}`), isDocument: true }, token)?.status;

const act = (headers: IncomingHttpHeaders, query = '') =>
  refusalOf({ headers, url: new URL(`http://page/act/pause${query}`), isDocument: false }, token)?.status;

const authorization = `Bearer ${token}`;
const host = '127.0.0.1:4000';

describe('who may ask the page', () => {
  it('takes the address that was printed, and what the page itself asks', () => {
    expect(document({ host })).toBeUndefined();
    expect(document({ host: 'localhost:4000', 'sec-fetch-site': 'none' })).toBeUndefined();
    expect(act({ host, authorization })).toBeUndefined();
    expect(
      act({ host, authorization, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' }),
    ).toBeUndefined();
  });

  it('takes another port of this machine, which `ssh -L` makes', () => {
    expect(act({ host: 'localhost:9', authorization, origin: 'http://localhost:9' })).toBeUndefined();
  });

  it.each([
    undefined,
    '',
    'evil.example',
    'evil.example:4000',
    '127.0.0.1.evil.example:4000',
    'localhost.evil.example',
    'localhost:4000@evil.example',
    '127.0.0.2:4000',
    '127.1:4000',
    '0.0.0.0:4000',
    '[::1]:4000',
    'LOCALHOST:4000, evil.example',
  ])('refuses the host %j, whatever else it has', (other) => {
    expect(document({ host: other })).toBe(403);
    expect(act({ host: other, authorization, origin: `http://${other}` })).toBe(403);
  });

  it.each([
    'http://evil.example',
    'null',
    'http://127.0.0.1:3000',
    'https://127.0.0.1:4000',
    'http://localhost:4000',
    '',
  ])('refuses the origin %j with the right token', (origin) => {
    expect(act({ host, authorization, origin })).toBe(403);
    expect(document({ host, origin })).toBe(403);
  });

  it.each([
    'cross-site',
    'same-site',
  ])('refuses what the browser calls %s, unless a link was followed', (site) => {
    expect(act({ host, authorization, 'sec-fetch-site': site })).toBe(403);
    const asked = { host, 'sec-fetch-site': site, 'sec-fetch-mode': 'navigate' };
    expect(document({ ...asked, 'sec-fetch-dest': 'iframe' })).toBe(403);
    expect(document({ ...asked, 'sec-fetch-dest': 'document' })).toBeUndefined();
    expect(document({ ...asked, 'sec-fetch-dest': 'document' }, '')).toBe(401);
  });

  it.each([
    ['', ''],
    ['?token=', 'Bearer '],
    ['?token=a-token-of-some-lengtH', 'Bearer a-token-of-some-lengtH'],
    ['?token=a-token', 'Bearer a-token'],
    [`?token=${token}x`, `Bearer ${token}x`],
    [`?tokens=${token}`, `Basic ${token}`],
    ['?token=ü-token-of-some-length', 'Bearer ü-token-of-some-length'],
  ])('refuses a wrong token: %j', (query, given) => {
    expect(document({ host }, query)).toBe(401);
    expect(act({ host, authorization: given })).toBe(401);
  });

  it('takes the token of an act from the header alone, which no form and no event source can send', () => {
    expect(act({ host }, `?token=${token}`)).toBe(401);
  });
});
