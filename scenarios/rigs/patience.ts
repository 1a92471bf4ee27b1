/** Time-outs of an hour, for stories that are played so fast that the length of a request says nothing. */

/** Environment of the reference server. */
export const patientServer = {
  DB_OPERATION_TIMEOUT: '3600',
  HEADERS_TIMEOUT: '3600',
  BODY_TIMEOUT: '3600',
  KEEP_ALIVE_TIMEOUT: '3600',
  HEALTH_TIMEOUT: '3600',
} as const;

/** Environment of an agent. */
export const patientAgent = { REQUEST_TIMEOUT: '3600', CONNECT_TIMEOUT: '3600' } as const;
