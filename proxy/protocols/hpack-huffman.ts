/**
 * HPACK's Huffman code (RFC 7541, section 5.2 and appendix B). It is canonical: the lengths of the codes alone say what
 * each code is, shorter ones first and among equals the symbols in their order.
 */

/** Bits of each symbol's code, 0 to 255 and then EOS; `7x3` is 7 three times. */
const codeLengths = `
  13 23 28x7 24 30 28x2 30 28x8 30 28x9 6 10x2 12 13 6 8 11 10x2 8 11 8 6x3 5x3 6x7 7 8 15 6 12 10 13 6 7x22 8 7 8 13
  19 13 14 6 15 5 6 5 6 5 6x3 5 7x2 6x3 5 6 7 6 5x2 6 7x5 15 11 14 13 28 20 22 20x2 22x3 23 22 23x5 24 23 24x2 22 23
  24 23x4 21 22 23 22 23x2 24 22 21 20 22x2 23x2 21 23 22x2 24 21 22 23x2 21x2 22 21 23 22 23x2 20 22x3 23 22x2 23
  26x2 20 19 22 23 22 25 26x3 27x2 26 24 25 19 21 26 27x2 26 27 24 21x2 26x2 28 27x3 20 24 20 21 22 21x2 23 22x2 25x2
  24x2 26 23 26 27 26x2 27x5 28 27x5 26 30`;

const endOfString = 256;
const longestPadding = 7;

/** The codes of one length: they are consecutive numbers. */
interface CodesOfLength {
  readonly first: number;
  readonly symbols: readonly number[];
}

/** By length in bits. */
const codes: readonly CodesOfLength[] = assignCodes();

function assignCodes(): CodesOfLength[] {
  const lengths = codeLengths.trim().split(/\s+/).flatMap(repeated);
  let next = 0;
  return Array.from({ length: Math.max(...lengths) + 1 }, (_, bits) => {
    const symbols = lengths.flatMap((length, symbol) => (length === bits && bits > 0 ? [symbol] : []));
    const first = next * 2;
    next = first + symbols.length;
    return { first, symbols };
  });
}

function repeated(run: string): number[] {
  const [length, times = '1'] = run.split('x');
  return Array.from({ length: Number(times) }, () => Number(length));
}

/** The text behind a code; undefined for what no encoder may send (EOS, padding that is too long or not all ones). */
export function decodeHuffman(bytes: Buffer): Buffer | undefined {
  const text: number[] = [];
  let code = 0;
  let bits = 0;
  for (const byte of bytes) {
    for (let mask = 0x80; mask > 0; mask >>= 1) {
      code = code * 2 + (byte & mask ? 1 : 0);
      bits += 1;
      const symbol = symbolOf(code, bits);
      if (symbol === endOfString || bits >= codes.length) return undefined;
      if (symbol === undefined) continue;
      text.push(symbol);
      code = 0;
      bits = 0;
    }
  }
  const padded = bits <= longestPadding && code === 2 ** bits - 1;
  return padded ? Buffer.from(text) : undefined;
}

function symbolOf(code: number, bits: number): number | undefined {
  const ofLength = codes[bits];
  return ofLength && code >= ofLength.first ? ofLength.symbols[code - ofLength.first] : undefined;
}
