/** Which handshakes are measured: every version with every kind of key, full and resumed, near and far. */

/** One of them. */
export interface HandshakeCase {
  readonly id: string;
  readonly version: 'TLSv1.2' | 'TLSv1.3';
  readonly key: 'ec' | 'rsa';
  readonly mode: 'full' | 'resumed';
  readonly roundTripMs: number;
}

const keyNames = { ec: 'ECDSA', rsa: 'RSA' } as const;

export const roundTrips = Object.freeze({ quick: [0, 20], full: [0, 20, 100] });

export function handshakeCases(roundTripsMs: readonly number[]): HandshakeCase[] {
  return roundTripsMs.flatMap((roundTripMs) =>
    (['TLSv1.2', 'TLSv1.3'] as const).flatMap((version) =>
      (['rsa', 'ec'] as const).flatMap((key) =>
        (['full', 'resumed'] as const).map((mode) => ({
          id: `${roundTripMs} ms ${lineOf({ version, key, mode })}`,
          version,
          key,
          mode,
          roundTripMs,
        })),
      ),
    ),
  );
}

/** What a case is apart from its round trip. */
export const lineOf = ({ version, key, mode }: Pick<HandshakeCase, 'version' | 'key' | 'mode'>): string =>
  `${version} ${keyNames[key]} ${mode}`;

/** How many connections a take has, and how many at a time: far ones wait, and would take long one by one. */
export function amountOf(
  { roundTripMs }: HandshakeCase,
  quick: boolean,
): { count: number; concurrency: number } {
  if (roundTripMs === 0) return { count: quick ? 10 : 40, concurrency: 1 };
  return { count: quick ? 8 : 24, concurrency: roundTripMs > 50 ? 12 : 6 };
}
