/**
 * Networks by name, each figure with its source. Rates are kbit/s as those sources give them (1 kbit = 1000 bits), 0 is
 * no limit; `rttMs` is the time that a round trip adds, half of it in each direction.
 *
 * - WebPageTest: www/settings/connectivity.ini.sample of WPO-Foundation/webpagetest. It gives no deviation.
 *   Lighthouse's and Chrome DevTools' "Slow 4G" has the figures of `3g_fast` (docs/throttling.md of GoogleChrome/lighthouse).
 * - Ookla: medians of Speedtest in the third quarter of 2021 in the USA, as Advanced Television reported them on
 *   22 December 2021; rates up by the Free State Foundation, 19 January 2022.
 * - Michel et al., "A First Look at Starlink Performance", IMC 2022: round trips of 40, 50 and 60 ms at the quartiles,
 *   which is a deviation of 15 ms.
 * - Viasat to the FCC (docket 10-90, August 2015): jitter of at most 30 ms one way, which is 42 ms there and back.
 * - Verizon: average round trip of at most 90 ms between New York and London by its service level agreement.
 * - ITU-T G.114, appendix II: over 10,000 km a call takes about 225 ms one way, 80 of them in the two terminals.
 * - hotelwifitest.com: 3 Mbit/s down and 0.5 up is where it begins to call a hotel's Wi-Fi adequate; up to 500 ms of
 *   latency is. The form, with a long tail, is that of Høiland-Jørgensen et al., "Measuring Latency Variation in the
 *   Internet", CoNEXT 2016; mean and deviation are our choice between those.
 * - VPN: a provider's own test with 50 clients on 100 Mbit/s (zhuquejiasu.com, 2026): 25 ms with 5 ms of jitter, and
 *   320 with 120 under congestion. Take it for the order of magnitude.
 */

/** One network, as one connection meets it. */
export interface NetworkProfile {
  /** From server to client, kbit/s. */
  readonly downKbps: number;
  /** From client to server, kbit/s. */
  readonly upKbps: number;
  /** Added to a round trip, on average. */
  readonly rttMs: number;
  /** Standard deviation of the added round trip. */
  readonly deviationMs: number;
  readonly distribution: 'constant' | 'normal' | 'lognormal';
}

const steady = (downKbps: number, upKbps: number, rttMs: number): NetworkProfile => ({
  downKbps,
  upKbps,
  rttMs,
  deviationMs: 0,
  distribution: 'constant',
});

export const networkProfiles = {
  /** WebPageTest "3G". */
  '3g': steady(1_600, 768, 300),
  /** WebPageTest "3G Slow". */
  '3g_slow': steady(400, 400, 400),
  /** WebPageTest "3G Fast", Lighthouse "Slow 4G". */
  '3g_fast': steady(1_600, 768, 150),
  /** WebPageTest "4G". */
  '4g': steady(9_000, 9_000, 170),
  /** WebPageTest "LTE". */
  lte: steady(12_000, 12_000, 70),
  /** WebPageTest "Mobile Edge". */
  edge: steady(240, 200, 840),
  /** WebPageTest "DSL". */
  dsl: steady(1_500, 384, 50),
  /** WebPageTest "Cable". */
  cable: steady(5_000, 1_000, 28),
  /** Ookla, HughesNet; deviation from Viasat's 30 ms one way. */
  satellite_geo: { downKbps: 19_300, upKbps: 2_540, rttMs: 744, deviationMs: 42, distribution: 'normal' },
  /** Ookla, Starlink; deviation from Michel et al. */
  satellite_leo: { downKbps: 87_250, upKbps: 13_540, rttMs: 44, deviationMs: 15, distribution: 'normal' },
  /** The provider's test, at ease: its clients shared 100 Mbit/s. */
  vpn: { downKbps: 100_000, upKbps: 100_000, rttMs: 25, deviationMs: 5, distribution: 'normal' },
  /** The same with 50 clients at once. */
  vpn_congested: { downKbps: 2_000, upKbps: 2_000, rttMs: 320, deviationMs: 120, distribution: 'lognormal' },
  /** hotelwifitest.com, Høiland-Jørgensen et al. */
  hotel_wifi: { downKbps: 3_000, upKbps: 500, rttMs: 150, deviationMs: 150, distribution: 'lognormal' },
  /** Verizon, New York to London. */
  transatlantic: steady(0, 0, 90),
  /** ITU-T G.114, 10,000 km. */
  intercontinental: steady(0, 0, 290),
} as const satisfies Readonly<Record<string, NetworkProfile>>;

export type NetworkProfileName = keyof typeof networkProfiles;

/** The names, in the order in which the documentation lists them. */
export const networkProfileNames = Object.keys(networkProfiles) as [
  NetworkProfileName,
  ...NetworkProfileName[],
];
