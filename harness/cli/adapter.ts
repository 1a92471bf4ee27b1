/** `shaketable adapter -- COMMAND…`: whether an adapter speaks the lab's protocol, and whether its answers can be believed. */
import pico from 'picocolors';
import { systemClock } from 'shaketable-proxy/clock';
import { type CheckResult, refuseUnknownChecks, tryAdapter } from '../adapter/conformance.ts';
import { count, oneLine } from '../report/text.ts';
import { interruptible } from './interrupt.ts';

interface AdapterFlags {
  readonly env: readonly string[];
  readonly only: readonly string[];
  readonly setUp: boolean;
  readonly json: boolean;
}

export async function adapterCommand(
  [command = '', ...args]: string[],
  flags: AdapterFlags,
): Promise<number> {
  const { json, setUp, only } = flags;
  refuseUnknownChecks(only);
  const env = Object.fromEntries(flags.env.map((name) => [name, process.env[name] ?? '']));
  const colours = pico.createColors(process.stdout.isTTY === true && !process.env.NO_COLOR);
  return await interruptible(async (signal) => {
    const conformance = await tryAdapter({
      command,
      args,
      env,
      clock: systemClock(),
      signal,
      setUp,
      only,
      announce: (line) => console.error(line),
      onCheck: (result) => {
        if (!json) for (const line of linesOf(result, colours)) console.log(line);
      },
    });
    const { name, kinds, outcome, checks } = conformance;
    if (json) console.log(JSON.stringify(conformance, null, 2));
    else {
      const tally = (wanted: CheckResult['outcome']): number =>
        checks.filter((check) => check.outcome === wanted).length;
      console.log(
        `\n${oneLine(name)} (${kinds.join(', ')}) ${outcome}: ${count(tally('pass'), 'check')} passed, ${tally('fail')} failed, ${tally('not tried')} not tried`,
      );
    }
    return outcome === 'conforms' ? 0 : 1;
  });
}

const nameWidth = 30;

function linesOf(
  { kind, id, title, outcome, why }: CheckResult,
  colours: ReturnType<typeof pico.createColors>,
): string[] {
  const name = `${kind === undefined ? '' : `${kind}/`}${id}`.padEnd(nameWidth);
  switch (outcome) {
    case 'pass':
      return [`${colours.green('✓')} ${name} ${title}`];
    case 'fail':
      return [
        `${colours.red('✕')} ${name} ${title}`,
        `${' '.repeat(nameWidth + 3)}${colours.bold(oneLine(why ?? ''))}`,
      ];
    case 'not tried':
      return [colours.dim(`– ${name} not tried: ${oneLine(why ?? '')}`)];
  }
}
