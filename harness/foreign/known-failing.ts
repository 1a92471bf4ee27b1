/** Checks that are known to fail: which entry of the subject file is meant. */
import type { ForeignSubject } from './subject.ts';
import type { KnownFailing } from './subject-file.ts';

/** The first entry for this check of this scenario. */
export function knownFailing(
  subject: Pick<ForeignSubject, 'knownFailing'>,
  scenario: string,
  check: string,
): KnownFailing | undefined {
  return subject.knownFailing.find((known) => known.check === check && fits(known.scenario, scenario));
}

/** `*` stands for anything. */
function fits(pattern: string, text: string): boolean {
  const parts = pattern.split('*').map((part) => RegExp.escape(part));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(text);
}
