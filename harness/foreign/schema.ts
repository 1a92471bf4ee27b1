/** The schema of a subject file, for checking and, as JSON Schema, for editors. */
import * as z from 'zod';
import { connectionKinds } from '../adapter/protocol.ts';
import { LabError } from '../errors.ts';
import { logFormat } from '../logs/own-format.ts';
import { logLevels } from '../logs/record.ts';
import { mistakeInWords, schemaMistakes } from '../schema-mistakes.ts';
import { placeholders, unknownPlaceholders } from './placeholders.ts';
import { type CheckName, checkNames, type SubjectFile, stopSignals } from './subject-file.ts';

const text = z.string().min(1);
const ms = z.number().positive();
const texts = z.record(text, z.string());
const effect = z
  .string()
  .regex(/^(header:[\w-]+|body(:[\w.-]+)?)$/, 'expected header:NAME, body or body:FIELD')
  .describe('What tells two operations apart: header:NAME, body, or body:FIELD.');

const route = z.strictObject({
  status: z.int().min(200).max(599).optional(),
  body: z.unknown().optional(),
  headers: texts.optional(),
  effect: effect.optional(),
  webSocket: z
    .union([
      z.literal(true),
      z.strictObject({ greeting: z.string().optional(), echo: z.boolean().optional() }),
    ])
    .optional(),
});

const server = z.union(
  [
    z.literal('reference'),
    z.strictObject({
      routes: z.record(
        z.string().regex(/^([A-Z]+|\*) \/\S*$|^\* \*$/, 'expected a method and a path, as POST /v1/reports'),
        route,
      ),
    }),
    z.strictObject({
      url: z.url({ protocol: /^https?$/ }),
      token: z.union([text, z.strictObject({ env: text })]).optional(),
      caFile: text.optional(),
      open: z.boolean().optional(),
      effect: effect.optional(),
    }),
  ],
  'expected "reference", { "routes": { "POST /path": { … } } } or { "url": "https://…" }',
);

const withinMs = ms.optional();
const ready = z.union(
  [
    z.strictObject({ firstConnection: z.literal(true), withinMs }),
    z.strictObject({ log: text, withinMs }),
    z.strictObject({ port: z.int().min(1).max(65_535), withinMs }),
    z.strictObject({ http: z.url({ protocol: /^https?$/ }), withinMs }),
  ],
  'expected { "firstConnection": true }, { "log": "expression" }, { "port": 8080 } or { "http": "http://…" }, and withinMs',
);

const number = z.number().min(0).optional();
const bounds = z.strictObject({
  atMost: number,
  atLeast: number,
  withinMs: number,
  growth: number,
  capMs: number,
  jitter: number,
  sockets: number,
  descriptors: number,
  threads: number,
  memoryMiB: number,
});

const schema = z.strictObject({
  name: z
    .string()
    .regex(/^\w[\w.-]*$/, 'expected letters, digits, and . _ - between them')
    .describe('What reports call it.'),
  command: z
    .array(text, 'expected a list of words, as ["python3", "agent.py"]')
    .min(1)
    .describe('The program and its arguments, a word each; never a shell’s command line.'),
  cwd: text.optional().describe('Where it runs, relative to this file.'),
  env: texts.optional().describe('Environment variables; placeholders such as {{serverUrl}} are filled in.'),
  files: z
    .record(
      z.string().regex(/^[\w.-]+$/, 'expected a plain name, as agent.yaml'),
      z.union([z.string(), z.strictObject({ template: text })]),
    )
    .optional()
    .describe('Configuration files, written with mode 600 into {{dir}}; {{file:NAME}} is the path of one.'),
  server: server.optional().describe('What it talks to: the reference server, routes, or a server of yours.'),
  tls: z.boolean().optional().describe('Whether it speaks TLS to its server.'),
  adapter: z
    .array(z.enum(connectionKinds))
    .min(1)
    .optional()
    .describe('The command is an adapter, and connects to these.'),
  cycleMs: ms.optional().describe('How long one of its cycles takes when nothing is wrong.'),
  report: z
    .strictObject({ method: text.optional(), path: text.optional() })
    .optional()
    .describe('Which requests are the work of a cycle; * stands for anything.'),
  ready: ready.optional().describe('When it counts as started.'),
  stop: z
    .strictObject({
      signal: z.enum(stopSignals).optional(),
      withinMs,
      codes: z.array(z.int().min(0).max(255)).min(1).optional(),
    })
    .optional()
    .describe('How it is stopped.'),
  exits: z.boolean().optional().describe('Whether it ends by itself when its work is done.'),
  log: z
    .strictObject({
      file: text.optional(),
      format: z
        .union([
          text,
          z.strictObject({ pattern: text, levels: z.record(text, z.enum(logLevels)).optional() }),
        ])
        .optional(),
    })
    .optional()
    .describe('Where it logs beside what it prints, and in which format.'),
  checks: z
    .partialRecord(z.enum(checkNames), z.union([z.literal(false), bounds]))
    .optional()
    .describe('false for a check that is not wanted, or its bounds.'),
  knownFailing: z
    .array(
      z.strictObject({
        scenario: text,
        check: text,
        reason: text,
        since: z.iso.date('expected a date, as 2026-11-30'),
      }),
    )
    .optional()
    .describe('Checks that fail for a reason that is known.'),
  secrets: z
    .record(text, z.string().min(6, 'a secret of fewer than 6 characters is found everywhere'))
    .optional(),
  pace: z.enum(['auto', 'real']).optional(),
});

const known = Object.keys(schema.shape);

/** The bounds that each check knows; without any it is on or off. */
export const boundsOf: Readonly<Record<CheckName, readonly (keyof z.infer<typeof bounds>)[]>> = {
  starts: [],
  'stays-up': [],
  connections: ['atMost'],
  handshakes: ['atMost'],
  'requests-per-cycle': ['atMost'],
  duplicates: [],
  losses: [],
  'back-off': ['atMost', 'growth', 'capMs', 'jitter'],
  'retry-after': ['atMost'],
  'refusal-is-final': ['atMost'],
  'fails-fast': ['withinMs'],
  recovers: ['withinMs'],
  'gives-up': ['withinMs'],
  'certificate-refused': [],
  quiet: ['atMost'],
  noise: ['atMost'],
  tells: [],
  resources: ['sockets', 'descriptors', 'threads', 'memoryMiB'],
  exit: [],
  'leaves-nothing': [],
};

/** @throws LabError `LAB_BAD_INPUT` that names the file, each field, what is wrong with it and, for an unknown one, the nearest known */
export function parseSubject(value: unknown, file: string): SubjectFile {
  const given = withoutSchema(value);
  const problems = schemaMistakes(schema, given).map(mistakeInWords);
  if (problems.length === 0) problems.push(...mistakesBeyondShape(given as SubjectFile));
  if (problems.length === 0) return given as SubjectFile;
  throw new LabError('LAB_BAD_INPUT', `${file} is not a subject file: ${problems.join('; ')}`, {
    hint: `It needs name and command; the fields are ${known.join(', ')}. docs/your-own-agent.md has each of them.`,
  });
}

/** For editors that check JSON files; the package has it as `subject.schema.json`. */
export function subjectJsonSchema(): unknown {
  return z.toJSONSchema(schema.extend({ $schema: z.string().optional() }));
}

/** What the shape alone does not tell: placeholders, formats, expressions, bounds that a check does not know. */
function mistakesBeyondShape(subject: SubjectFile): string[] {
  const { command, env = {}, files = {}, log, ready, checks = {} } = subject;
  const names = Object.keys(files);
  const filled: (readonly [string, string])[] = [
    ...command.map((word, index) => [`command.${index}`, word] as const),
    ...Object.entries(env).map(([name, value]) => [`env.${name}`, value] as const),
    ...Object.entries(files).flatMap(([name, content]) =>
      typeof content === 'string' ? [[`files.${name}`, content] as const] : [],
    ),
    ...(log?.file === undefined ? [] : [['log.file', log.file] as const]),
  ];
  return [
    ...(subject.adapter === undefined
      ? []
      : filled
          .filter(([, words]) => words.includes('{{'))
          .map(
            ([place]) =>
              `${place}: an adapter is told by commands where to connect, so that it has no placeholders`,
          )),
    ...filled.flatMap(([place, words]) =>
      unknownPlaceholders(words, names).map(
        (name) => `${place}: there is no {{${name}}}; there are ${placeholders.join(', ')} and file:NAME`,
      ),
    ),
    ...(/\s/.test(command[0].trim()) && command.length === 1
      ? [
          `command: it is one word with blanks in it; write a word each, as ${JSON.stringify(command[0].trim().split(/\s+/))}`,
        ]
      : []),
    ...mistakeOf('log.format', () => log?.format !== undefined && void logFormat(log.format)),
    ...mistakeOf('ready.log', () => ready !== undefined && 'log' in ready && void new RegExp(ready.log)),
    ...Object.entries(checks).flatMap(([name, wanted]) =>
      wanted === false
        ? []
        : Object.keys(wanted)
            .filter((bound) => !(boundsOf[name as CheckName] as readonly string[]).includes(bound))
            .map((bound) => `checks.${name}: it has no ${bound}; ${boundsInWords(name as CheckName)}`),
    ),
  ];
}

const boundsInWords = (name: CheckName): string =>
  boundsOf[name].length === 0 ? 'it is on, or false' : `its bounds are ${boundsOf[name].join(', ')}`;

function mistakeOf(place: string, look: () => unknown): string[] {
  try {
    look();
    return [];
  } catch (error) {
    return [`${place}: ${(error as Error).message}`];
  }
}

/** JSON files name their schema. */
function withoutSchema(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const { $schema: _, ...rest } = value as Record<string, unknown>;
  return rest;
}
