/** `shaketable init --subject`: asks the few questions that a subject file needs, and writes it. Answers may come from a pipe, a line each. */
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileError, LabError } from '../errors.ts';
import { parseSubject } from '../foreign/schema.ts';

interface Question {
  readonly ask: string;
  readonly usual: string;
  /** What is wrong with an answer, in words. */
  readonly wrong?: (answer: string) => string | undefined;
}

const questions = {
  command: {
    ask: 'Which command starts it? A word each, quotes as in a shell',
    usual: 'python3 agent.py',
    wrong: (answer) => (wordsOf(answer).length === 0 ? 'A command has one word at least.' : undefined),
  },
  url: {
    ask: 'Which environment variable tells it the server’s URL? (none: it has an argument)',
    usual: 'SERVER_URL',
  },
  token: { ask: 'Which one tells it its token? (none: it needs none)', usual: 'TOKEN' },
  server: {
    ask: 'What does it talk to? reference, routes, or the URL of a server of yours',
    usual: 'reference',
    wrong: (answer) =>
      /^(reference|routes|https?:\/\/\S+)$/.test(answer)
        ? undefined
        : 'Write reference, routes, or https://host:port.',
  },
  cycle: {
    ask: 'How many seconds does one of its cycles take?',
    usual: '5',
    wrong: (answer) => (Number(answer) > 0 ? undefined : 'Write a number of seconds, as 5 or 0.5.'),
  },
  report: {
    ask: 'Which request is the work of a cycle? Method and path (none: all of them)',
    usual: 'POST /api/fleet/report',
  },
} as const satisfies Record<string, Question>;

type Answers = Record<keyof typeof questions, string>;

/** Writes a subject file into the working directory, and says how to go on. @throws LabError where there is one already */
export async function initSubject(): Promise<number> {
  const answers = await askAll();
  const subject = subjectOf(answers);
  const file = `${subject.name}.subject.json`;
  parseSubject(subject, file);
  const path = join(process.cwd(), file);
  await writeFile(path, `${JSON.stringify(subject, null, 2)}\n`, { flag: 'wx' }).catch(
    (cause: NodeJS.ErrnoException) => {
      if (cause.code === 'EEXIST')
        throw new LabError('LAB_BAD_INPUT', `${file} is there already`, {
          hint: 'Remove it, or change it by hand: docs/your-own-agent.md has every field.',
        });
      throw fileError(cause, path, 'run this in a directory that you may write to');
    },
  );
  console.log(`\nwrote    ${file}\n\nNext: npx shaketable run --subject ${file} fleet-resets unreachable`);
  return 0;
}

async function askAll(): Promise<Answers> {
  const lines = createInterface({ input: process.stdin });
  const answers: Partial<Answers> = {};
  try {
    const iterator = lines[Symbol.asyncIterator]();
    for (const [name, question] of Object.entries<Question>(questions))
      answers[name as keyof Answers] = await answerTo(question, iterator);
  } finally {
    lines.close();
  }
  return answers as Answers;
}

/** Asks until an answer will do; the usual one for an empty line, and at the end of the input. */
async function answerTo({ ask, usual, wrong }: Question, lines: AsyncIterator<string>): Promise<string> {
  for (;;) {
    process.stdout.write(`${ask} [${usual}] `);
    const { value, done } = await lines.next();
    if (!process.stdin.isTTY) process.stdout.write('\n');
    const answer = (done === true ? '' : value.trim()) || usual;
    const complaint = wrong?.(answer);
    if (complaint === undefined) return answer;
    console.log(`  ${complaint}`);
  }
}

function subjectOf({ command, url, token, server, cycle, report }: Answers) {
  const words = wordsOf(command);
  const [program = 'agent'] = words;
  const script = words.slice(1).find((word) => /\.\w+$/.test(word)) ?? program;
  const name = basename(script)
    .replace(/\.\w+$/, '')
    .replaceAll(/[^\w.-]/g, '-');
  const [method, path] = report.split(/\s+/);
  return {
    $schema: './node_modules/shaketable/subject.schema.json',
    name: /^\w/.test(name) ? name : 'agent',
    command: isNone(url) ? [...words, '{{serverUrl}}'] : words,
    env: {
      ...(isNone(url) ? {} : { [url]: '{{serverUrl}}' }),
      ...(isNone(token) ? {} : { [token]: '{{token}}' }),
    },
    ...serverOf(server, report),
    cycleMs: Math.round(Number(cycle) * 1_000),
    ...(isNone(report) || path === undefined ? {} : { report: { method, path } }),
  };
}

function serverOf(server: string, report: string): { server?: unknown } {
  if (server === 'reference') return {};
  if (server !== 'routes') return { server: { url: server } };
  const route = /^[A-Z]+ \/\S*$/.test(report) ? report : '* *';
  return { server: { routes: { [route]: { status: 200, body: {}, effect: 'body' } } } };
}

const isNone = (answer: string): boolean => /^(none|-)$/i.test(answer);

/** Words as a shell takes them, without anything else that one does. */
function wordsOf(command: string): string[] {
  return [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, plain]) => double ?? single ?? plain ?? '',
  );
}
