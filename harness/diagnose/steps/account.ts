/** Is the account that the token belongs to active? The answer to the token tells. */
import { wordsOf } from '../answer.ts';
import { broken, type Finding, holds, type Step, type StepContext, skipped } from '../step.ts';

export const accountStep: Step = { id: 'account', look };

async function look({ known, target }: StepContext): Promise<Finding> {
  const { tokenAnswer, client } = known;
  if (tokenAnswer === undefined) return skipped('needs the token');
  const who = client ? ` ${client.name} (${client.id})` : '';
  if (tokenAnswer.status === 403)
    return broken(
      `GET ${target.token?.page.path} is answered 403${wordsOf(tokenAnswer)}: the server knows the token and refuses the account${who}`,
      `Switch the account on again: clients.is_active is to be 1${client ? `, and is ${client.is_active}` : ''}; in another product, look at what this token may do`,
    );
  return holds(
    'the same answer says so',
    client?.is_active === 0
      ? [
          `The database has the client${who} as inactive, and the server still lets it in: it keeps tokens for a while (AUTH_CACHE_TTL)`,
        ]
      : [],
  );
}
