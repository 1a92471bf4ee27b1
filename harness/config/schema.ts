/** The schema of `shaketable.config.*`, for checking and, as JSON Schema, for editors. */
import * as z from 'zod';
import { LabError } from '../errors.ts';
import { nearestWord } from '../nearest-word.ts';
import type { ShaketableConfig } from './config.ts';

const path = z.string().min(1);

const schema = z.strictObject({
  scenarios: z
    .union([path, z.array(path)])
    .optional()
    .describe(
      'Folders of scenarios, relative to this file. The path of a file below is the id of its scenario.',
    ),
  ignore: z
    .array(path)
    .optional()
    .describe('Globs, relative to those folders, of files that are no scenarios.'),
  builtIn: z.boolean().optional().describe('Whether the lab’s own scenarios are played and listed too.'),
  images: path.optional().describe('A module that exports the images of services that scenarios start.'),
  persistentLab: path
    .optional()
    .describe('A module whose default export starts what `shaketable up` offers.'),
});

const known = Object.keys(schema.shape);

/** @throws LabError `LAB_BAD_INPUT` that names the file, the field and, for an unknown one, the nearest known */
export function parseConfig(value: unknown, file: string): ShaketableConfig {
  const { success, data, error } = schema.safeParse(withoutSchema(value, file));
  if (success) return data as ShaketableConfig;
  const problems = error.issues.flatMap(describeIssue);
  throw new LabError('LAB_BAD_INPUT', `${file} is not a config: ${problems.join('; ')}`, {
    hint: `The fields are ${known.join(', ')}; all may be left out.`,
    cause: error,
  });
}

/** For editors that check JSON files; the package has it as `config.schema.json`. */
export function configJsonSchema(): unknown {
  return z.toJSONSchema(schema.extend({ $schema: z.string().optional() }));
}

/** JSON files name their schema. */
function withoutSchema(value: unknown, file: string): unknown {
  if (!file.endsWith('.json') || typeof value !== 'object' || value === null || Array.isArray(value))
    return value;
  const { $schema: _, ...rest } = value as Record<string, unknown>;
  return rest;
}

function describeIssue(issue: z.core.$ZodIssue): string[] {
  if (issue.code !== 'unrecognized_keys')
    return [issue.path.length === 0 ? issue.message : `\`${issue.path.join('.')}\`: ${issue.message}`];
  return issue.keys.map((key) => {
    const near = nearestWord(key, known);
    return `there is no field \`${key}\`${near === undefined ? '' : `, did you mean \`${near}\`?`}`;
  });
}
