/**
 * The command line. Exit codes: 0 as expected, 1 not as expected, 2 inconclusive, 3 the lab could not run, 64 wrong usage.
 */
import { join, relative } from 'node:path';
import { Command, CommanderError, Help, InvalidArgumentError, Option } from 'commander';
import { proxyUsage } from 'shaketable-proxy/cli/flags';
import { isLabError } from '../errors.ts';
import { ownVersion, packageRoot } from '../own-files.ts';
import { ownRealDatabases, ownWorlds, wantedWorlds } from '../world-list.ts';

/** What each ending means to a script. */
export const exitCodes = Object.freeze({ expected: 0, unexpected: 1, inconclusive: 2, failed: 3, usage: 64 });

const proxyName = 'shaketable proxy';

const usualExitCodes =
  'Exit codes: 0 as expected · 1 not as expected · 2 inconclusive · 3 the lab could not run · 64 wrong usage · 130 stopped';

const scenarioArgument = 'ids, folders of ids, parts of ids, or files as ./my-scenario.ts; default all';

/** What stands behind `--` of `shaketable run` and `reproduce` is a subject's command, and nobody else's. */
const takesCommand: ReadonlySet<string> = new Set(['run', 'reproduce']);
const { own, subjectCommand } = splitCommand(process.argv);

const program = new Command('shaketable')
  .description('Put an agent on the shake table: play connection faults, get a verdict with evidence.')
  .version(await ownVersion())
  .exitOverride()
  .enablePositionalOptions()
  .showHelpAfterError('(shaketable --help shows every command, shaketable COMMAND --help its options)')
  .configureHelp({ optionDescription })
  .addHelpText(
    'after',
    `
${usualExitCodes}

Examples:
  shaketable run                                        every scenario, report in reports/latest
  shaketable run fleet-resets                           the scenarios of one field report
  shaketable run silent-socket/send-while-closing --seed 7
  shaketable check reports/latest                       the same verdicts from the stored journals alone`,
  );

program
  .command('run')
  .description('run scenarios and write a report')
  .argument('[scenario...]', scenarioArgument)
  .addOption(
    new Option('--world <name>', 'where the run takes place')
      .choices(wantedWorlds)
      .env('SHAKETABLE_WORLD')
      .default('auto'),
  )
  .option('--subject <file>', 'judge a program of yours, described in this file', path)
  .option('--no-pairs', 'with --subject or --: do not play the scenarios’ own pairs first')
  .option('--config <file>', 'for --world external: the file that describes the server', path)
  .addOption(projectOption())
  .option('--seed <n>', 'seed of every random choice; default a new one, printed', wholeNumber)
  .addOption(
    new Option('--pace <pace>', 'fast divides the reported intervals, real keeps them')
      .choices(['fast', 'real'])
      .default('fast'),
  )
  .option('--shard <i/n>', 'run the i-th of n parts', shard)
  .option('--debug', 'keep the directory of each table, with the raw logs, below the run’s', false)
  .option(
    '--repeat <n>',
    'run so many times, by one seed after the other, and tell what did not hold each time',
    positive,
    1,
  )
  .option('--out <dir>', 'directory for reports', path, 'reports')
  .option('--workers <n>', 'scenarios at a time; default by the cores that are free', positive)
  .option('--set-up', 'install what a fresh machine needs (database server)', false)
  .option('--on <where>', 'hand the scenarios out to workers: embedded:N, or nats://… (see worker)')
  .option('--json', 'print run.json on standard output, everything else on standard error', false)
  .addHelpText(
    'after',
    `
A program of yours, in any language, is judged without a change to it: --subject FILE, or the command itself behind --

  shaketable init --subject            asks a few questions and writes the file
  shaketable run --subject agent.json fleet-resets unreachable
  shaketable run unreachable/refused -- python3 agent.py --server {{serverUrl}}

${usualExitCodes}`,
  )
  .action(
    exiting(async () => {
      const { runCommand } = await import('./run.ts');
      return (wanted: string[], flags: Parameters<typeof runCommand>[1]) =>
        runCommand(wanted, flags, subjectCommand);
    }),
  );

program
  .command('worker')
  .description('play work of others on this machine: what `run --on` hands out')
  .requiredOption(
    '--on <url>',
    'server that hands out work: nats://127.0.0.1:4222, tls://HOST:PORT elsewhere',
  )
  .option('--slots <n>', 'units at a time; default half of the cores', positive)
  .option('--name <name>', 'what it is called in reports; default the host and a number')
  .option('--run <run>', 'take units of this run only')
  .option(
    '--memory <MiB>',
    'memory of the process that plays a unit; default a share of the machine',
    positive,
  )
  .option('--unit-time <s>', 'seconds that a unit may take', positive, 900)
  .option('--idle <s>', 'end after so many seconds without a run to play; default never', positive)
  .addOption(projectOption())
  .option('--set-up', 'install what a fresh machine needs (database server)', false)
  .addHelpText(
    'after',
    `
Start it in a copy of the project. It ends by Ctrl-C, which has it give back what it is at, or by --idle.

Example:
  shaketable worker --on nats://127.0.0.1:4222 --slots 4     then, elsewhere: shaketable run --on nats://127.0.0.1:4222`,
  )
  .action(exiting(async () => (await import('./worker.ts')).workerCommand));

program
  .command('init')
  .description('begin in this directory: a config, a first scenario and an npm script')
  .option('--subject', 'asks a few questions and writes a subject file for a program of yours', false)
  .action(exiting(async () => (await import('./init.ts')).initCommand));

program
  .command('list')
  .description('scenarios with their requirement ids and worlds')
  .argument('[scenario...]', scenarioArgument)
  .addOption(projectOption())
  .option('--json', 'as JSON', false)
  .option('--markdown', 'as the tables of scenarios/README.md', false)
  .action(exiting(async () => (await import('./list.ts')).listCommand));

program
  .command('explore')
  .description('draw fault schedules, judge what comes of them, and make what fails small')
  .argument('[file]', 'a file that exports an exploration, or the id of a scenario')
  .addOption(
    new Option('--world <name>', 'where schedules are played').choices(ownWorlds).default('simulated'),
  )
  .addOption(projectOption())
  .option('--budget <s>', 'seconds to explore for; default 60, or until --seeds are played', positive)
  .option('--seeds <n>', 'how many schedules to play', positive)
  .option('--seed <n>', 'the first seed; the others follow. Default a new one, printed', wholeNumber)
  .option('--findings <n>', 'stop when so many checks were seen to fail', positive, 3)
  .option('--workers <n>', 'how many processes play schedules beside each other; default 1', positive)
  .option(
    '--on <engine>',
    'hand schedules out to workers: embedded:N on this machine, or nats://HOST:PORT; needs --seeds',
  )
  .option('--replay <file>', 'play a schedule again that was found', path)
  .option(
    '--times <n>',
    'how often a schedule is played again, and what was found on real sockets',
    positive,
    5,
  )
  .option('--no-prove', 'do not play what was found on real sockets')
  .option('--out <dir>', 'directory for what is found', path, 'reports')
  .option('--json', 'print what was found as JSON, everything else on standard error', false)
  .addHelpText(
    'after',
    `
Exit codes: 0 nothing found · 1 something found · 2 inconclusive · 3 the lab could not run · 64 wrong usage · 130 stopped

Examples:
  shaketable explore my-client.ts
  shaketable explore my-client.ts --seeds 1000 --seed 1
  shaketable explore --replay reports/explore/my-client/nothing-lost-1.json --world local --times 5`,
  )
  .action(exiting(async () => (await import('./explore.ts')).exploreCommand));

program
  .command('bench')
  .description(
    'measure: handshakes, connections, client libraries, WebSockets, pools, a fleet, reported figures',
  )
  .argument('[name...]', 'names of benchmarks; default all (see --list)')
  .option('--list', 'what there is to measure', false)
  .option('--quick', 'half a minute or less each: whether it works, no figures to keep', false)
  .option('--seed <n>', 'seed of every random choice; default a new one, printed', wholeNumber)
  .addOption(
    new Option('--pace <pace>', 'for claims: fast divides the reported intervals, real keeps them')
      .choices(['fast', 'real'])
      .default('fast'),
  )
  .option('--set-up', 'install what a fresh machine needs (database server)', false)
  .option('--budget <s>', 'seconds of a workload for more rounds while it is undecided', positive, 150)
  .option('--threshold <percent>', 'differences below this do not count', positive, 5)
  .option('--url <url>', 'measure a server of yours, by GET, through our proxy; nothing else is contacted')
  .option('--ca <file>', 'for --url: the authority of its certificate, PEM', path)
  .option('--max-rate <n>', 'for --url: requests a second at most', positive, 50)
  .option('--max-duration <s>', 'for --url: seconds in which requests are sent, in all', positive, 120)
  .option('--agents <n>', 'for fleet: agents that live at a time; default 1000, with --quick 200', positive)
  .option(
    '--duration <s>',
    'for fleet: seconds that they live undisturbed; default 30, with --quick 3',
    positive,
  )
  .option('--on <where>', 'for fleet: over workers, embedded:N or nats://… (see worker)')
  .option(
    '--slices <n>',
    'for fleet with --on: parts, a slot each; default as many as there are slots',
    positive,
  )
  .option('--measures <list>', 'for proxy: only these, as bulk,latency-1')
  .option('--save <file>', 'write bench.json there as well', path)
  .option('--baseline <file>', 'compare with a saved file; exit 1 if something became slower', path)
  .option('--against <ref>', 'measure an older version in the same rounds: a tag, a branch or a commit')
  .option('--out <dir>', 'directory for reports', path, 'reports')
  .option('--json', 'print bench.json on standard output, everything else on standard error', false)
  .addHelpText(
    'after',
    `
Exit codes: 0 measured, nothing slower · 1 a row failed, or something became slower · 2 a row is void, or undecided ·
3 it could not be measured · 64 wrong usage · 130 stopped

Examples:
  shaketable bench --quick
  shaketable bench handshake --save before.json
  shaketable bench handshake --baseline before.json
  shaketable bench --url https://agents.example:8443/health --ca authority.pem`,
  )
  .action(exiting(async () => (await import('./bench.ts')).benchCommand));

program
  .command('reproduce')
  .description(
    'logs or captures of an incident: find the pattern, write a scenario, play it, prove that it is the same',
  )
  .argument(
    '<file...>',
    'logs, HAR files, pcap or pcapng captures, or a ticket as Markdown with logs between its fences',
    paths,
  )
  .option(
    '--keep-names',
    'leave hosts, addresses and users as they are; secrets are replaced in any case',
    false,
  )
  .option('--dry-run', 'find the pattern and play nothing', false)
  .option('--subject <file>', 'a program of yours, described in this file, takes the part', path)
  .option('--signature <id>', 'play this signature, if it holds at all, in place of the likeliest')
  .addOption(projectOption())
  .option('--seed <n>', 'seed of every random choice; default a new one, printed', wholeNumber)
  .option('--out <dir>', 'directory for reports', path, 'reports')
  .option('--set-up', 'install what a fresh machine needs (database server)', false)
  .option('--json', 'print incident.json on standard output, everything else on standard error', false)
  .addHelpText(
    'after',
    `
Exit codes: 0 the same pattern · 1 not reproduced · 2 no pattern, or a similar one · 3 the lab could not run · 64 wrong usage

Examples:
  shaketable reproduce agent.log server.log
  shaketable reproduce ticket.md --dry-run
  shaketable reproduce agent.log -- python3 agent.py --server {{serverUrl}}`,
  )
  .action(
    exiting(async () => {
      const { reproduceCommand } = await import('./reproduce.ts');
      return (paths: string[], flags: Parameters<typeof reproduceCommand>[1]) =>
        reproduceCommand(paths, flags, subjectCommand);
    }),
  );

program
  .command('minimise')
  .description('the smallest timeline of faults under which a run still fails, as a scenario to commit')
  .argument('<run>', 'directory of a run in which a check fails, as reports/latest', path)
  .argument('[scenario]', 'the scenario, where several fail; default the first')
  .option('--check <id>', 'the check that is to fail; default the first that does')
  .addOption(
    new Option('--program <name>', 'whose failure; default that of a program that should pass').choices([
      'naive',
      'hardened',
    ]),
  )
  .option('--budget <s>', 'seconds after which the smallest so far is kept', positive, 900)
  .option('--into <file>', 'the scenario file to write; default below the directory for reports', path)
  .option('--out <dir>', 'directory for reports', path, 'reports')
  .addOption(projectOption())
  .option('--set-up', 'install what a fresh machine needs (database server)', false)
  .option('--json', 'print the minimum on standard output, everything else on standard error', false)
  .addHelpText(
    'after',
    `
It plays on real sockets, in the world local, each time with fewer or shorter faults; what does not fail every time is played repeatedly.
Ctrl-C keeps the smallest so far.

Exit codes: 0 a minimum · 2 it did not fail again, or the time was over before · 3 the lab could not run · 64 wrong usage · 130 stopped

Examples:
  shaketable minimise reports/latest
  shaketable minimise reports/latest fleet-resets/idle-connection-reset --program naive --into scenarios/mine/idle.ts`,
  )
  .action(exiting(async () => (await import('./minimise.ts')).minimiseCommand));

program
  .command('check')
  .description('run the checks again on the stored journals of a run')
  .argument('<run>', 'directory of a run, as reports/latest', path)
  .option('--json', 'as JSON', false)
  .addHelpText(
    'after',
    `
Exit codes: those of the verdict, 0, 1 or 2; 1 as well where the journals do not bear out what the run said · 3 there is
no such run, or a journal is broken · 64 wrong usage`,
  )
  .action(exiting(async () => (await import('./check.ts')).checkCommand));

program
  .command('report')
  .description('write the reports of a stored run or benchmark again, or compare two runs')
  .argument(
    '<run...>',
    'directory of a run, as reports/latest; with --compare the earlier and the later one',
    paths,
  )
  .option('--compare', 'print what changed from one run to the other; exit 1 if something fails newly', false)
  .option('--json', 'with --compare: as JSON', false)
  .action(exiting(async () => (await import('./report.ts')).reportCommand));

program
  .command('merge')
  .description('make one run of the shards of a run (run --shard)')
  .argument('<run...>', 'directories of the shards', paths)
  .option('--out <dir>', 'directory for reports', path, 'reports')
  .option('--json', 'print run.json on standard output, everything else on standard error', false)
  .action(exiting(async () => (await import('./merge.ts')).mergeCommand));

program
  .command('worlds')
  .description('scenario by world, with outcomes, strikes and engines, from stored runs')
  .argument('<run...>', 'directories of runs, one a world', paths)
  .option('--into <file>', 'put the table into a page, between <!-- worlds --> and <!-- /worlds -->', path)
  .action(exiting(async () => (await import('./worlds.ts')).worldsCommand));

program
  .command('doctor')
  .description('what works on this machine, and what earlier runs left behind (which it removes)')
  .option('--keep', 'only list what was left behind', false)
  .option('--on <url>', 'look at a server that hands out work, and at its workers, instead')
  .option('--json', 'as JSON', false)
  .addHelpText(
    'after',
    '\nExit codes: 0 what a run needs is there · 3 something of it is missing · 64 wrong usage',
  )
  .action(exiting(async () => (await import('./doctor.ts')).doctorCommand));

program
  .command('diagnose')
  .configureOutput({ outputError: (text, write) => write(withoutValues(text)) })
  .description(
    'where the way from a name to an agent’s heartbeat is broken: cause, remedy, time of each step',
  )
  .requiredOption('--url <url>', 'where the server listens, as https://host:8443; any HTTPS server will do')
  .addOption(
    new Option(
      '--token <token>',
      'token to try; the list of processes shows it to others: better --token-file, or',
    ).env('SHAKETABLE_TOKEN'),
  )
  .option('--token-file <file>', 'file with the token', path)
  .option('--agent <id>', 'id or logical id of an agent: is it registered, and its heartbeat fresh?')
  .addOption(
    new Option('--db <url>', 'database to look at too: mysql://user:password@host:3306/schema').env(
      'SHAKETABLE_DB',
    ),
  )
  .option('--ca <file>', 'authority of the server’s certificate, PEM; default those of the system', path)
  .option('--db-ca <file>', 'authority of the database’s certificate, PEM; without it no TLS', path)
  .option('--wait [seconds]', 'try again until it works, for so long; 300 if not said', positive)
  .option('--timeout <seconds>', 'longest time for one answer', positive, 5)
  .option('--fresh <seconds>', 'age of a heartbeat that is not stale; default the server’s, or 120', positive)
  .option('--health <path>', 'page that tells of its health (default: "/health")')
  .option('--token-path <path>', 'page that needs the token (default: "/api/fleet/machines")')
  .option('--token-header <name>', 'header for the token alone (default: "Authorization: Bearer …")')
  .option('--agent-path <path>', 'page of an agent (default: "/api/agents/{agent}")')
  .option('--json', 'as JSON', false)
  .addHelpText(
    'after',
    `
Exit codes: 0 what was looked at works · 1 a step is broken · 2 a step could not be told · 64 wrong usage · 130 stopped

Examples:
  shaketable diagnose --url https://example.com --health /
  shaketable diagnose --url https://fleet.example:8443 --ca ca.pem --token-file token --agent agent-001
  shaketable diagnose --url https://fleet.example:8443 --wait 60     in a script, before an agent is started`,
  )
  .action(exiting(async () => (await import('./diagnose.ts')).diagnoseCommand));

program
  .command('adapter')
  .description('whether an adapter around your client library speaks the lab’s protocol and tells the truth')
  .argument('<command...>', 'the adapter and its arguments, behind --')
  .option('--only <check>', 'a kind (http, websocket, database) or a check; may be given again', several, [])
  .option('--env <name>', 'an environment variable to hand on; may be given again', names, [])
  .option('--set-up', 'install what a fresh machine needs (database server)', false)
  .option('--json', 'as JSON', false)
  .addHelpText(
    'after',
    `
Exit codes: 0 it conforms · 1 it does not · 3 the lab could not run it · 64 wrong usage

Example:
  shaketable adapter -- python3 adapter.py`,
  )
  .action(exiting(async () => (await import('./adapter.ts')).adapterCommand));

program
  .command('up')
  .description('a persistent lab for work by hand: prints URLs, credentials and links')
  .option('--set-up', 'install what a fresh machine needs (database server)', false)
  .addOption(
    // A network in memory is one that no other program can reach.
    new Option('--world <name>', 'where its parts run')
      .choices(['auto', ...ownRealDatabases])
      .default('local')
      .env('SHAKETABLE_WORLD'),
  )
  .addOption(projectOption())
  .option('--port <n>', 'port of the reference server; default a free one', port)
  .option('--page-port <n>', 'port of the page to play faults from; default a free one', port)
  .option('--foreground', 'stay in the terminal until Ctrl-C instead of going to the background', false)
  .action(exiting(async () => (await import('./persistent-lab.ts')).upCommand));

program
  .command('down')
  .description('stop the persistent lab; with --on, remove runs from a server that hands out work')
  .argument('[run...]', 'with --on: the runs; default none, which lists them')
  .option('--on <url>', 'the server, as for worker')
  .action(exiting(async () => (await import('./persistent-lab.ts')).downCommand));

const proxy = program
  .command('proxy')
  .description('the fault proxy alone, in the place of toxiproxy-server: same API, flags and port')
  .argument('[flags...]', 'as toxiproxy-server takes them')
  .helpOption(false)
  .allowUnknownOption()
  .passThroughOptions()
  .action(
    exiting(async () => {
      const { proxyCommand } = await import('shaketable-proxy/cli');
      const { serveProxyPage } = await import('./proxy-page.ts');
      return (flags: string[]) => proxyCommand(flags, proxyName, serveProxyPage);
    }),
  );
proxy.helpInformation = () => `${proxyUsage(proxyName)}\n`;

/**
 * Loads a command when it is called, since `proxy` has no use for what `run` needs. Commander adds its own command as
 * the last argument; ours take arguments and options alone and give an exit code.
 */
function exiting<Args extends unknown[]>(
  load: () => Promise<(...args: Args) => Promise<number>>,
): (...args: Args) => Promise<void> {
  return async (...args) => {
    const action = await load();
    process.exitCode = await action(...args);
  };
}

/** Without the default of a flag, which is off, or of a list, which is empty. */
function optionDescription(option: Option): string {
  return new Help().optionDescription(option).replace(/ \(default: (false|\[\])\)$/, '');
}

/** Commander's complaint without what was given: a misspelt option may have a token behind it. */
function withoutValues(text: string): string {
  return text.replace(/(unknown option '--[^'=]+)=[^']*/, '$1=…').replace(/(but got \d+): .*/, '$1.');
}

function splitCommand(all: readonly string[]): { own: string[]; subjectCommand?: string[] } {
  const at = takesCommand.has(all[2] ?? '') ? all.indexOf('--') : -1;
  if (at === -1) return { own: [...all] };
  return { own: all.slice(0, at), subjectCommand: all.slice(at + 1) };
}

/** For each command that needs to know of the project's scenarios. */
function projectOption(): Option {
  const text = 'the config; default the nearest shaketable.config.* at or above this directory';
  return new Option('--project <file>', text).env('SHAKETABLE_PROJECT').argParser(path);
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0 || text.trim() === '') {
    throw new InvalidArgumentError('Expected a whole number, 0 or more.');
  }
  return value;
}

function positive(text: string): number {
  const value = wholeNumber(text);
  if (value === 0) throw new InvalidArgumentError('Expected a whole number, 1 or more.');
  return value;
}

function port(text: string): number {
  const value = wholeNumber(text);
  if (value > 65_535) throw new InvalidArgumentError('Expected a port, 0 to 65535.');
  return value;
}

/** A script whose variable is not set gives an empty path, which would mean the current directory. */
function path(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('Expected a path, got an empty one.');
  return text;
}

function paths(text: string, before: readonly string[] = []): string[] {
  return [...before, path(text)];
}

function several(text: string, before: readonly string[]): string[] {
  return [...before, text];
}

function names(text: string, before: readonly string[]): string[] {
  if (!/^[A-Za-z_]\w*$/.test(text)) throw new InvalidArgumentError('Expected the name of a variable.');
  return [...before, text];
}

function shard(text: string): string {
  const [index = 0, of = 0] = /^\d+\/\d+$/.test(text) ? text.split('/').map(Number) : [];
  if (index < 1 || index > of) throw new InvalidArgumentError('Expected i/n with 1 ≤ i ≤ n, as 1/3.');
  return text;
}

// A reader that has seen enough, such as head, is no reason to leave a run or its cleaning up half done.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

// A project whose package.json names no type loads a few milliseconds later: no news for who runs a scenario.
const printers = process.rawListeners('warning') as ((warning: Error) => void)[];
process.removeAllListeners('warning');
process.on('warning', (warning) => {
  if ('code' in warning && warning.code === 'MODULE_TYPELESS_PACKAGE_JSON') return;
  for (const print of printers) print(warning);
});

try {
  await program.parseAsync(own);
} catch (error) {
  process.exitCode = explain(error);
}

/** Pages of the documentation by where they are from here: an installed lab brings them along. */
function withOwnPages(text: string): string {
  return text.replaceAll(/\bdocs\/[\w/-]+\.md\b/g, (page) => relative('', join(packageRoot, page)));
}

function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.expected : exitCodes.usage;
  if (isLabError(error)) {
    console.error(`\n${error.code}: ${error.message}`);
    if (error.hint) console.error(`→ ${withOwnPages(error.hint).replaceAll('\n', '\n  ')}`);
    return error.code === 'LAB_BAD_INPUT' ? exitCodes.usage : exitCodes.failed;
  }
  console.error('\nLAB_INTERNAL: the lab itself failed; this is a bug in it.');
  console.error(error);
  return exitCodes.failed;
}
