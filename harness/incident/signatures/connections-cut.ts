/** What the signatures of broken connections share: how many there are, how many break, and what else goes wrong. */
import type { Failures, Observed } from '../features/observed.ts';
import type { Parameter } from './signature.ts';

/** The reasons against a cause that explains these failures alone. */
export function unexplained(
  observed: Observed,
  explained: readonly string[],
): { readonly against: string[]; readonly part: number } {
  const others = observed.failures.filter(({ family }) => !explained.includes(family));
  const all = observed.failures.reduce((sum, { events }) => sum + events.length, 0);
  const rest = others.reduce((sum, { events }) => sum + events.length, 0);
  return {
    against: others.map(({ family, events }) => `${events.length} × ${family} is not explained by it`),
    part: all === 0 ? 0 : 1 - rest / all,
  };
}

/** Which share of the attempts failed, with where that is known from; all of them where no success is seen. */
export function failingShare(observed: Observed, failures: Failures): Parameter & { value: number } {
  // A connection may carry many requests: an answer is one of those, and not one of the connections.
  const isAnswer = failures.family.startsWith('status:');
  const made = observed.events.filter(({ kind }) => kind === 'connect').length;
  if (failures.events[0]?.side === 'wire' && made > 0 && !isAnswer)
    return share(
      failures.events.length / Math.max(made, failures.events.length),
      `${failures.events.length} of ${made} connections`,
    );
  if (failures.share !== undefined)
    return share(
      failures.share,
      `failures beside ${failures.family === '' ? 'no' : 'the'} successes of the same log`,
    );
  return { name: 'share', value: 1, from: 'a default: no success is seen' };
}

const share = (value: number, from: string) => ({
  name: 'share',
  value: Math.round(Math.min(1, value) * 100) / 100,
  from,
});
