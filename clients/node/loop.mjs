/** What every client does here: a report, and the next one ten seconds later, whatever came of it. */
import { setTimeout as sleep } from 'node:timers/promises';

export const url = `${process.env.SERVER_URL}/api/fleet/report`;
export const authorization = `Bearer ${process.env.API_TOKEN}`;
/** `default`, or `documented`. */
export const settings = process.argv[2];

export async function reportForEver(send) {
  for (let sequence = 1; ; sequence += 1) {
    await send({ machineId: 'm-1', sequence }).catch((error) =>
      console.log(`WARN report ${sequence} failed: ${error.message} ${error.cause?.message ?? ''}`),
    );
    await sleep(10_000);
  }
}
