/**
 * Where Toxiproxy does what would harm the lab, this proxy does what TCP does, or keeps a fault to the connections it
 * was meant for. These are those places by name; `compatibility: 'toxiproxy'` turns all of them on, for programs and
 * tests that count on them. They are looked at when something ends or changes, never for bytes that pass.
 *
 * Measured on Toxiproxy 2.12.0 by `test/differential`; `docs/reference/conformance.md` has the table.
 */

/** Things Toxiproxy does, each true when this proxy does them as well. */
export interface Quirks {
  /** There is no half-close: a FIN closes the whole connection once the bytes before it are delivered. */
  readonly finClosesBoth: boolean;
  /** The other side of one that was reset sees a FIN. */
  readonly resetArrivesAsFin: boolean;
  /** A proxy serves its next client only when the last one's upstream has answered. */
  readonly dialsInTurn: boolean;
  /** `reset_peer` leaves a connection alone on which nothing is sent in its direction. */
  readonly resetNeedsTraffic: boolean;
  /**
   * `reset_peer` closes by FIN a connection that was open before it, and makes every other end of those that came
   * after it a RST, whatever its toxicity and even when it is gone.
   */
  readonly resetsByLinger: boolean;
  /** Deleting a `timeout` closes the connections to which it did not apply, too. */
  readonly liftsWhereInactive: boolean;
  /** An update draws toxicity anew on open connections, and so does adding or deleting the toxic behind. */
  readonly drawsAnew: boolean;
  /** Of a change to a toxic that is refused for a wrong attribute, the right attributes are made. */
  readonly appliesPartly: boolean;
  /** Toxics that a request or a file gives together with their proxy are ignored. */
  readonly ignoresGivenToxics: boolean;
  /** Of a configuration file with an entry that is wrong nothing is taken, and nothing behind one that cannot listen. */
  readonly readsFilesWhole: boolean;
  /** Addresses are compared as they are spelled: `:80` and `0.0.0.0:80` are another than the `[::]:80` they become. */
  readonly comparesSpelling: boolean;
  /** Time that a chunk waited behind another in one `latency` is taken off its delay in the next. */
  readonly queueingShortensDelay: boolean;
}

/** Whose behaviour counts where the two differ; `none` is this proxy's own. */
export type Compatibility = 'none' | 'toxiproxy';

const quirks: Readonly<Record<Compatibility, Quirks>> = {
  none: all(false),
  toxiproxy: all(true),
};

/** The quirks that go with a setting. */
export function quirksOf(compatibility: Compatibility): Quirks {
  return quirks[compatibility];
}

function all(on: boolean): Quirks {
  return {
    finClosesBoth: on,
    resetArrivesAsFin: on,
    dialsInTurn: on,
    resetNeedsTraffic: on,
    resetsByLinger: on,
    liftsWhereInactive: on,
    drawsAnew: on,
    appliesPartly: on,
    ignoresGivenToxics: on,
    readsFilesWhole: on,
    comparesSpelling: on,
    queueingShortensDelay: on,
  };
}
