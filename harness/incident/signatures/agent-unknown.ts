/** The server has forgotten the agent. */
import { matchRefusal } from './refusals.ts';
import type { Signature } from './signature.ts';

export const agentUnknown: Signature = {
  id: 'agent-unknown',
  title: 'The server does not know the agent any more, and the agent goes on with its old id',
  shows: 'Requests for one’s own id are answered 404 from one moment on, and for ever.',
  contradictedBy: 'A registration after the first 404; 404 for what never was there, which is a wrong path.',
  match: (observed) =>
    matchRefusal(observed, {
      status: 404,
      words:
        /(?:agent|device|machine|client|session|instance)[\w ]{0,20}not (?:found|registered|known)|unknown (?:agent|device|machine)/i,
      otherWords: /no such (?:route|page)|cannot (?:GET|POST)/i,
      fault: 'deleted',
      kind: 'agent_deleted',
      apply: "DELETE FROM {schema}.agents WHERE logical_agent_id = 'agent-001'",
      work: 'heartbeat',
    }),
};
