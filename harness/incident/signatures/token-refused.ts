/** The server does not know the token. */
import { matchRefusal } from './refusals.ts';
import type { Signature } from './signature.ts';

export const tokenRefused: Signature = {
  id: 'token-refused',
  title: 'The server does not accept the token',
  shows:
    'Every request is answered 401, from the first one on or from the moment at which the token was replaced.',
  contradictedBy:
    'A success of the same request right beside a 401; 403, which says that the token is known.',
  match: (observed) =>
    matchRefusal(observed, {
      status: 401,
      words:
        /(?:invalid|bad|expired|unknown|revoked)[\w ]{0,20}token|token[\w ]{0,20}(?:invalid|expired|refused|revoked)|unauthori[sz]ed/i,
      otherWords: /not active|disabled|suspended/i,
      fault: 'revoked',
      kind: 'token_replaced',
      apply: 'UPDATE {schema}.clients SET client_token = REVERSE(client_token)',
      revert: 'UPDATE {schema}.clients SET client_token = REVERSE(client_token)',
    }),
};
