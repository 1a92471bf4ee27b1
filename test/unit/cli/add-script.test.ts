import { expect, it } from 'vitest';
import { addScript } from '../../../harness/cli/add-script.ts';

const add = (text: string): string | undefined => addScript(text, 'lab', 'shaketable run');

it.each([
  {
    what: 'before the scripts that are there',
    text: '{\n  "name": "x",\n  "scripts": {\n    "test": "a"\n  }\n}\n',
    becomes: '{\n  "name": "x",\n  "scripts": {\n    "lab": "shaketable run",\n    "test": "a"\n  }\n}\n',
  },
  {
    what: 'into empty scripts, with the tabs of the file',
    text: '{\n\t"scripts": {}\n}',
    becomes: '{\n\t"scripts": {\n\t\t"lab": "shaketable run"\n\t}\n}',
  },
  {
    what: 'where there are no scripts',
    text: '{\n    "name": "x"\n}',
    becomes: '{\n    "scripts": {\n        "lab": "shaketable run"\n    },\n    "name": "x"\n}',
  },
  {
    what: 'into an empty manifest',
    text: '{}',
    becomes: '{\n  "scripts": {\n    "lab": "shaketable run"\n  }\n}',
  },
  {
    what: 'with the line ends of the file',
    text: '{\r\n  "scripts": {}\r\n}\r\n',
    becomes: '{\r\n  "scripts": {\r\n    "lab": "shaketable run"\r\n  }\r\n}\r\n',
  },
])('puts a script $what', ({ text, becomes }) => {
  expect(add(text)).toBe(becomes);
});

it('does not take scripts of something else for the scripts of the package', () => {
  const text = '{\n  "x \\" {": { "scripts": { "a": "b" } },\n  "scripts": {\n    "c": "d"\n  }\n}';

  const added = add(text) ?? '';

  expect(JSON.parse(added)).toEqual({ ...JSON.parse(text), scripts: { lab: 'shaketable run', c: 'd' } });
});

it('leaves a script of the same name alone', () => {
  expect(add('{ "scripts": { "lab": "mine" } }')).toBeUndefined();
});
