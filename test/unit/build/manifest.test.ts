import { expect, it } from 'vitest';
import { publishedManifest } from '../../../build/manifest.ts';

const options = { version: '1.2.3', place: 'harness', sisters: ['sister'], absorbed: [] };

it('leads every entrance into the package, with its types', () => {
  const { exports, imports, bin } = publishedManifest(
    {
      name: 'lab',
      exports: { '.': './index.ts', './schema.json': './schema.json' },
      imports: { '#cli': './cli/main.ts' },
      bin: { lab: 'bin/lab.cjs' },
    },
    options,
  );

  expect(exports).toEqual({
    '.': { types: './harness/index.d.ts', default: './harness/index.js' },
    './schema.json': './harness/schema.json',
    './package.json': './package.json',
  });
  expect(imports).toEqual({ '#cli': './harness/cli/main.js' });
  expect(bin).toEqual({ lab: 'harness/bin/lab.cjs' });
});

it('takes the version of the repository, for sisters too', () => {
  const manifest = publishedManifest(
    { name: 'lab', dependencies: { sister: '*', other: '^4.0.0' } },
    { ...options, place: '.' },
  );

  expect(manifest).toMatchObject({ version: '1.2.3', dependencies: { sister: '1.2.3', other: '^4.0.0' } });
});

it('depends on what the code of absorbed workspaces needs', () => {
  const absorbed = [{ name: 'services', dependencies: { fastify: '5.0.0', mysql2: '3.0.0' } }];

  const { dependencies } = publishedManifest(
    { name: 'lab', dependencies: { vitest: '5.0.0', mysql2: '3.0.0' } },
    { ...options, absorbed },
  );

  expect(dependencies).toEqual({ fastify: '5.0.0', mysql2: '3.0.0', vitest: '5.0.0' });
});

it('names the repository only where one is given', () => {
  const repository = 'https://example.test/owner/lab';

  expect(publishedManifest({ name: 'lab' }, { ...options, repository })).toHaveProperty('repository', {
    type: 'git',
    url: 'git+https://example.test/owner/lab.git',
  });
  expect(publishedManifest({ name: 'lab' }, options)).not.toHaveProperty('repository');
});
