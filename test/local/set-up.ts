/** Before the local tests: a database server has to be there. Where it is missing and may be installed, it is. */
import { findDatabase } from '../../harness/databases/index.ts';

export default async function setUp(): Promise<void> {
  await findDatabase({ setUp: true, announce: (line) => console.log(line) });
}
