import { everyWorld, type Fault } from './fault.ts';
import { checked, text } from './params.ts';

/** Parameters of {@link wrongService}. */
export interface WrongServiceOptions {
  /** The link that leads to it. */
  readonly link: string;
  /** What answers there, in words for the report: `a database`. */
  readonly answers: string;
}

/**
 * The configured address is one where something else answers (R2.1). The scenario makes the link lead there, so there is
 * nothing to install; every connection on it meets the wrong service.
 */
export function wrongService(options: WrongServiceOptions): Fault {
  return checked('wrong_service', options, { link: text, answers: text }, answered);
}

function answered({ link, answers }: WrongServiceOptions): Fault {
  return {
    kind: 'wrong_service',
    place: 'link',
    params: { link, answers },
    worlds: everyWorld,
    struckBy: { kind: 'connection.through', link },
    install: async () => async () => {},
  };
}
