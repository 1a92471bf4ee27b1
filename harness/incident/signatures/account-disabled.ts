/** The account behind a good token is switched off. */
import { matchRefusal } from './refusals.ts';
import type { Signature } from './signature.ts';

export const accountDisabled: Signature = {
  id: 'account-disabled',
  title: 'The account behind a good token is not active',
  shows:
    'Every request is answered 403 from one moment on, and accepted again once somebody switches the account on.',
  contradictedBy:
    '401, which says that the token itself is not known; a 403 for some operations alone, which is about rights.',
  match: (observed) =>
    matchRefusal(observed, {
      status: 403,
      words: /account[\w ]{0,20}(?:not active|disabled|suspended|inactive|locked)|not active/i,
      otherWords: /invalid[\w ]{0,20}token|insufficient|permission|scope/i,
      fault: 'disabled',
      kind: 'account_disabled',
      apply: 'UPDATE {schema}.clients SET is_active = 0',
      revert: 'UPDATE {schema}.clients SET is_active = 1',
    }),
};
