/** Ranges of IP addresses, as `10.0.0.0/8` or `fd00::/8` (CIDR, RFC 4632 and RFC 4291, section 2.3); one address is a range too. */
import { BlockList, isIP } from 'node:net';
import { plainAddress } from './address.ts';

type Family = 'ipv4' | 'ipv6';

interface Range {
  readonly address: string;
  readonly prefix: number;
  readonly family: Family;
}

/** One list for each family: a single one finds every IPv4 address in `::/0`. */
type Lists = Readonly<Record<Family, BlockList>>;

const known = new WeakMap<readonly string[], Lists>();

/** Whether an address is in one of the ranges, which are valid; an IPv4 address in an IPv6 one counts as itself. */
export function isInRanges(address: string, ranges: readonly string[]): boolean {
  const plain = plainAddress(address);
  const family = familyOf(plain);
  return family !== undefined && listsOf(ranges)[family].check(plain, family);
}

/** Whether a text is a range. */
export const isRange = (text: string): boolean => parse(text) !== undefined;

function listsOf(ranges: readonly string[]): Lists {
  const made = known.get(ranges);
  if (made) return made;
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const range of ranges.map(parse))
    if (range) lists[range.family].addSubnet(range.address, range.prefix, range.family);
  known.set(ranges, lists);
  return lists;
}

function familyOf(address: string): Family | undefined {
  const version = isIP(address);
  return version === 0 ? undefined : version === 4 ? 'ipv4' : 'ipv6';
}

function parse(text: string): Range | undefined {
  const [, given = '', digits] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const address = plainAddress(given);
  const family = familyOf(address);
  const bits = family === 'ipv4' ? 32 : 128;
  const prefix = digits === undefined ? bits : Number(digits);
  return family === undefined || prefix > bits ? undefined : { address, prefix, family };
}
