/**
 * What the scenarios about the fleet report look at: its requests at the server, and how many of them had an effect.
 */

/** Fleet reports that the server answered, whatever it answered. */
export const reportRequests = { kind: 'server.log', event: 'request', path: '/api/fleet/report' } as const;

/** Fleet reports that took effect. */
export const appliedReports = { ...reportRequests, effect: 'applied' } as const;

/**
 * Records that alarm whoever reads the log, about a failure that is survived. A summary of the connection's health is no
 * alarm about one failure, and an operation whose retries are used up was not survived.
 */
export const alarms = {
  kind: 'agent.log',
  level: { anyOf: ['warn', 'error', 'fatal'] },
  event: { not: { anyOf: ['operation_failed', 'health'] } },
} as const;
