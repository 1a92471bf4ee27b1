/** The schema of `shaketable.config.*`, for checking and, as JSON Schema, for editors. */
import * as z from 'zod';
import { LabError } from '../errors.ts';
import { mistakeInWords, schemaMistakes } from '../schema-mistakes.ts';
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
  builtIn: z
    .boolean()
    .optional()
    .describe('Whether the lab’s own scenarios are played and listed too; by name they are in any case.'),
  images: path.optional().describe('A module that exports the images of services that scenarios start.'),
  persistentLab: path
    .optional()
    .describe('A module whose default export starts what `shaketable up` offers.'),
  incidents: path
    .optional()
    .describe('A module whose default export plays the incidents that `shaketable reproduce` reads.'),
});

const known = Object.keys(schema.shape);

/** @throws LabError `LAB_BAD_INPUT` that names the file, the field and, for an unknown one, the nearest known */
export function parseConfig(value: unknown, file: string): ShaketableConfig {
  const config = withoutSchema(value, file);
  const mistakes = schemaMistakes(schema, config);
  if (mistakes.length === 0) return config as ShaketableConfig;
  const problems = mistakes.map(mistakeInWords);
  throw new LabError('LAB_BAD_INPUT', `${file} is not a config: ${problems.join('; ')}`, {
    hint: `The fields are ${known.join(', ')}; all may be left out.`,
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
