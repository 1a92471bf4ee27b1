/**
 * Draws a schedule by its seed. Each seed is a swarm of its own (Groce et al., "Swarm Testing"): first which kinds are on at all and how
 * often they come, then the faults. So each mix gets its turn, and none is masked by the others. Times are whole milliseconds, not on a
 * grid: there they would fall in step with what the subject does. Half of the faults come while another one holds or is just over: many
 * a bug needs the second trouble before the first is overcome.
 */
import { type Random, seededRandom } from 'shaketable-proxy/random';
import { type DrawableKind, drawableKinds, type KindName, kindsOn, type Layer } from './kinds.ts';
import { inOrder, type Schedule, type ScheduledFault } from './schedule.ts';

/** What faults may be drawn from. */
export interface Palette {
  /** Kinds on each link: those that its layer allows, or the ones that are named. */
  readonly links?: Readonly<Record<string, Layer | readonly KindName[]>>;
  /** Names that may stop resolving. */
  readonly names?: readonly string[];
  /** Whether the subject may crash, by what the story tells the storm. */
  readonly crash?: boolean;
  /** Whether the subject's clock may jump, where the story gives it the storm's. */
  readonly clock?: boolean;
}

/** One kind at one place. */
interface Choice {
  readonly kind: KindName;
  readonly link?: string;
  readonly fixed?: { readonly host: string };
}

/** The most faults of a schedule. */
const mostFaults = 10;
/** A kind that may hold for so long may hold to the end, and does so in this share of its faults. */
const longMs = 20_000;
const lastingShare = 0.15;
/** The share of faults that come near another one, and how long after its end that is at the most. */
const nearShare = 0.5;
const justAfterMs = 1_000;
/** The most kinds that one seed mixes. */
const mostKinds = 4;

/** Draws the schedule of a seed: all faults are over after `stormMs`. */
export function drawSchedule(seed: number, palette: Palette, stormMs: number): Schedule {
  const random = seededRandom(seed).fork('schedule');
  const choices = choicesOf(palette);
  if (choices.length === 0) return { faults: [] };
  const swarm = some(
    random.fork('swarm'),
    choices,
    1 + below(random.fork('kinds'), Math.min(mostKinds, choices.length)),
  );
  const count = 1 + Math.floor(mostFaults * random.fork('count').next() ** 2);
  // How long this seed's faults are, at the most: a mix of short ones is seen as often as one of long ones.
  const longest = 0.05 + 0.95 * random.fork('length').next();
  // Each kind comes once before any comes twice.
  const first = below(random.fork('first'), swarm.length);
  const faults: ScheduledFault[] = [];
  for (let index = 0; index < count; index += 1) {
    const draw = random.fork(`fault/${index}`);
    const turn = index < swarm.length ? first + index : below(draw.fork('kind'), swarm.length);
    const choice = swarm[turn % swarm.length] as Choice;
    faults.push(drawFault(draw, choice, { stormMs, longest, earlier: faults }));
  }
  return { faults: inOrder(faults) };
}

function choicesOf({ links = {}, names = [], crash, clock }: Palette): Choice[] {
  const onLinks = Object.entries(links).flatMap(([link, given]) => {
    const kinds = typeof given === 'string' ? kindsOn(given) : given;
    return kinds.map((kind) => ({ kind, link }));
  });
  const onNames = names.map((host) => ({ kind: 'no-name' as const, fixed: { host } }));
  return [
    ...onLinks,
    ...onNames,
    ...(crash ? [{ kind: 'crash' as const }] : []),
    ...(clock ? [{ kind: 'clock-jump' as const }] : []),
  ];
}

function drawFault(
  random: Random,
  { kind, link, fixed }: Choice,
  { stormMs, longest, earlier }: { stormMs: number; longest: number; earlier: readonly ScheduledFault[] },
): ScheduledFault {
  const { holdsMs, draw }: DrawableKind = drawableKinds[kind];
  const [least, most] = holdsMs;
  const bound = Math.min(stormMs, Math.max(least, most * longest));
  const drawnMs = Math.round(least * (bound / least) ** random.next());
  // Some outages last: what grows from attempt to attempt shows in those alone.
  const lasts = most >= longMs && random.fork('lasts').next() < lastingShare;
  const latestMs = Math.max(1, lasts ? stormMs / 4 : stormMs - drawnMs);
  const atMs = Math.min(latestMs - 1, near(random.fork('near'), earlier) ?? below(random, latestMs));
  const forMs = lasts ? stormMs - atMs : drawnMs;
  return {
    kind,
    ...(link === undefined ? {} : { link }),
    atMs,
    forMs,
    params: { ...draw(random), ...fixed },
  };
}

/** A moment while one of the earlier faults holds, or just afterwards; undefined where it shall depend on none. */
function near(random: Random, earlier: readonly ScheduledFault[]): number | undefined {
  if (random.next() >= nearShare) return undefined;
  const other = earlier[below(random, earlier.length)];
  return other && other.atMs + below(random, other.forMs + justAfterMs);
}

/** A whole number from 0 to `count - 1`. */
const below = (random: Random, count: number): number => Math.floor(random.next() * count);

/** So many of them, in their order. */
function some<T>(random: Random, all: readonly T[], count: number): T[] {
  const left = [...all.keys()];
  const taken = Array.from({ length: count }, () => left.splice(below(random, left.length), 1)[0] as number);
  return taken.toSorted((a, b) => a - b).map((index) => all[index] as T);
}
