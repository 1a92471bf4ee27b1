/** What befalls all pools at once. */
export const faultNames = ['healthy', 'killed', 'restart', 'cut', 'silent', 'slow query'] as const;

export type FaultName = (typeof faultNames)[number];
