/**
 * The worst moment for a retry: the server has applied the request, and its answer never arrives.
 */
import type { Entry } from '../journal/entry.ts';
import type { Matcher } from '../journal/matcher.ts';
import { everyWorld, type Fault, type Lift } from './fault.ts';
import { checked, matcher, ms } from './params.ts';
import { linkToxic } from './toxic.ts';

/** Parameters of {@link loseAnswers}. */
export interface LoseAnswersOptions {
  /** What tells that the server has applied a request, in its own log; with `remotePort`, as it saw the connection. */
  readonly applied: Matcher;
  /** How long answers are held so that the moment can be met, in lab milliseconds; default 3 s. */
  readonly holdMs?: number;
}

/**
 * Resets the connection once the server has applied a request and before its answer is delivered (R1.5; field issues D1,
 * D2). Answers are held for a while, and what the server says of itself decides: the bytes of a TLS stream do not tell an
 * answer from a session ticket. Limit it with `until: { strikes }`.
 */
export function loseAnswers(options: LoseAnswersOptions): Fault {
  return checked('lose_answers', options, { applied: matcher, holdMs: ms.optional() }, answersLost);
}

function answersLost({ applied, holdMs = 3_000 }: LoseAnswersOptions): Fault {
  return {
    kind: 'lose_answers',
    place: 'link',
    params: { applied, holdMs },
    worlds: everyWorld,
    install: async (context) => {
      const link = context.link();
      const hold = await link.addToxic(
        `${context.id}-hold`,
        linkToxic({ type: 'latency', attributes: { latency: Math.round(holdMs / context.pace) } }),
      );
      let reset: Promise<Lift> | undefined;
      const loseNext = async (request: Entry): Promise<Lift> => {
        await (await reset)?.();
        const connection = context.connectionBehind(link.name, request) ?? Number.NaN;
        return link.addToxic(
          context.id,
          linkToxic({ type: 'reset_after', only: { strikes: 1, connections: [connection] } }),
        );
      };
      const stop = context.onEntry(applied, (request) => {
        reset = loseNext(request);
      });
      return async () => {
        stop();
        await (await reset)?.();
        await hold();
      };
    },
  };
}
