import { expect, it } from 'vitest';
import { talkedPast } from '../../../harness/foreign/past-the-lab.ts';
import { type Endpoint, parseSocketTable } from '../../../harness/probes/peers.ts';

const here = (port: number): Endpoint => ({ address: '127.0.0.1', port });
const given = [
  new URL('https://127.0.0.1:4001'),
  new URL('http://127.0.0.1:4002'),
  new URL('mysql://u@127.0.0.1/db'),
];

it('reads both ends of sockets, of IPv4, IPv6, and IPv4 within IPv6', () => {
  const line = (local: string, remote: string, state: string, inode: number): string =>
    `   0: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0 100 0 0 10 0`;
  const table = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    line('0100007F:1F90', '00000000:0000', '0A', 1),
    line('0100007F:C000', '070200C0:01BB', '01', 2),
    line('0100007F:C001', '070200C0:01BB', '01', 99),
    line('0000000000000000FFFF00000100007F:C002', '0000000000000000FFFF00000100007F:0FA1', '02', 3),
    line('00000000000000000000000001000000:C003', 'B80D0120000000000000000001000000:01BB', '01', 4),
  ].join('\n');

  expect(parseSocketTable(table, new Set(['1', '2', '3', '4']))).toEqual([
    { local: here(0x1f90) },
    { local: here(0xc000), remote: { address: '192.0.2.7', port: 443 } },
    { local: here(0xc002), remote: here(4001) },
    { local: { address: '::1', port: 0xc003 }, remote: { address: '2001:db8::1', port: 443 } },
  ]);
});

it('knows what a program was given, and what it has with itself', () => {
  const sockets = [
    { local: here(50_000), remote: here(4001) },
    { local: here(50_001), remote: here(4002) },
    { local: here(50_002), remote: here(3306) },
    // It serves, was asked, and asks itself.
    { local: here(8_080) },
    { local: here(8_080), remote: here(50_003) },
    { local: here(50_004), remote: here(8_080) },
  ];

  expect(talkedPast(sockets, given)).toEqual([]);
});

it('tells whom else it talks to', () => {
  const remotes: Endpoint[] = [
    here(4003),
    { address: '192.0.2.7', port: 4001 },
    { address: '2001:db8::1', port: 443 },
  ];

  expect(
    talkedPast(
      remotes.map((remote) => ({ local: here(50_000), remote })),
      given,
    ),
  ).toEqual(['127.0.0.1:4003', '192.0.2.7:4001', '[2001:db8::1]:443']);
  expect(
    talkedPast(
      [{ local: here(50_000), remote: { address: '192.0.2.7', port: 9 } }],
      [new URL('https://192.0.2.7')],
    ),
  ).toEqual([]);
});
