/** Why a request got no answer, whatever it was for. */
import type { NoAnswer } from '../ask.ts';
import { tooLate } from '../bounded.ts';
import { broken, brokenForNow, type Finding, type StepContext } from '../step.ts';

export function explainNoAnswer(
  { target, timeoutMs }: StepContext,
  request: string,
  answer: NoAnswer,
): Finding {
  const { failure, alert } = answer;
  if (failure === tooLate)
    return brokenForNow(
      `${request} is not answered within ${timeoutMs / 1_000} s, though the server takes connections`,
      'The server is overloaded, or waits for its database: look at both, or allow more time with --timeout',
    );
  if (alert || (!target.secure && /^(HPE_|Parse Error)/.test(failure)))
    return broken(
      alert ? 'The server speaks TLS, and the URL says http://' : `What answers is not HTTP (${failure})`,
      alert ? 'Write https:// in the URL' : 'Check the port in the URL',
    );
  if (/CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE|BAD_CERTIFICATE|UNKNOWN_CA/.test(failure))
    return broken(
      `The server ends the connection after the handshake (${failure}): it asks for a certificate of the client`,
      'Diagnose without one goes no further: have the agent’s certificate checked at the server',
    );
  if (failure.startsWith('HPE_'))
    return broken(`What answers on the port is not HTTP (${failure})`, 'Check the port in the URL');
  return brokenForNow(
    `${request} gets no answer: the connection is cut (${failure})`,
    target.secure
      ? 'Look at the log of the server, and at what stands before it'
      : 'Look at the log of the server; where it speaks TLS, write https:// in the URL',
  );
}
