import { expect, it } from 'vitest';
import { tcpServices } from '../../../proxy/core/well-known-ports.ts';

it('finds TCP services and their aliases, and skips what is none', () => {
  const text = [
    '# Network services',
    'http\t\t80/tcp\t\twww WorldWideWeb\t# hypertext',
    'ntp 123/udp',
    '',
    'odd',
    'mysql 3306/tcp',
  ].join('\n');

  expect(tcpServices(text)).toEqual([
    ['http', 80],
    ['www', 80],
    ['worldwideweb', 80],
    ['mysql', 3306],
  ]);
});
