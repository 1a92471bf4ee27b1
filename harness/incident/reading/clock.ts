/**
 * The times of one source as milliseconds. A stamp without a zone counts as UTC: the offset between sources is estimated anyway. A
 * time of day without a date begins on day 0 and goes on over midnight. A clock that goes back is followed from where it jumped to.
 */

const dayMs = 86_400_000;
/** Records of several threads may stand a little out of order. */
const disorderMs = 1_500;

/** What a record says of its time. */
export interface Stamped {
  /** Epoch ms. */
  readonly time?: number | undefined;
  readonly stamp?: string | undefined;
}

const date = /^(\d{4})[-/.](\d\d)[-/.](\d\d)[T _-]/;
const longDate = /^(?:[A-Z][a-z]{2} )?([A-Z][a-z]{2}) {1,2}(\d{1,2}) /;
const dayMonth = /^(\d\d?)[-/ ]([A-Z][a-z]{2})[-/ ](\d{4})[: ]/;
const timeOfDay = /(\d{1,2}):(\d\d):(\d\d)(?:[.,:](\d{1,9}))?/;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Reads the times of one source in their order. */
export class SourceClock {
  #last: number | undefined;
  #shift = 0;
  /** How often the clock went back, and by how much at most, ms. */
  backSteps = 0;
  backMostMs = 0;

  /** The time of a record, ms; undefined where it tells none. */
  read(stamped: Stamped): number | undefined {
    const { ms, isOfDay } = millisecondsOf(stamped) ?? {};
    if (ms === undefined) return undefined;
    let t = ms + this.#shift;
    const back = this.#last === undefined ? 0 : this.#last - t;
    if (isOfDay === true && back > dayMs / 2) {
      this.#shift += dayMs;
      t += dayMs;
    } else if (back > disorderMs) {
      this.backSteps += 1;
      this.backMostMs = Math.max(this.backMostMs, back);
      this.#shift += back;
      t += back;
    }
    this.#last = this.#last === undefined ? t : Math.max(this.#last, t);
    return t;
  }
}

function millisecondsOf({ time, stamp }: Stamped): { ms: number; isOfDay: boolean } | undefined {
  if (typeof time === 'number' && Number.isFinite(time)) return { ms: time, isOfDay: false };
  if (typeof stamp !== 'string') return undefined;
  const clock = timeOfDay.exec(stamp);
  if (clock === null) return undefined;
  const [, h, min, s, fraction = ''] = clock;
  const ofDay =
    (Number(h) * 3_600 + Number(min) * 60 + Number(s)) * 1_000 +
    (fraction === '' ? 0 : Number(`0.${fraction}`) * 1_000);
  const day = dayOf(stamp);
  return day === undefined ? { ms: ofDay, isOfDay: true } : { ms: day + ofDay, isOfDay: false };
}

/** Midnight of the stamp’s date, UTC; one without a year is of 1970. */
function dayOf(stamp: string): number | undefined {
  const iso = date.exec(stamp);
  if (iso !== null) return Date.UTC(Number(iso[1]), Number(iso[2]) - 1, Number(iso[3]));
  const ofMonth = dayMonth.exec(stamp);
  if (ofMonth !== null) return Date.UTC(Number(ofMonth[3]), monthOf(ofMonth[2]), Number(ofMonth[1]));
  const long = longDate.exec(stamp);
  if (long !== null) return Date.UTC(1970, monthOf(long[1]), Number(long[2]));
  return undefined;
}

const monthOf = (name = ''): number => Math.max(0, months.indexOf(name));
