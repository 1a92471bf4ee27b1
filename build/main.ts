/** `npm run build`: stages every published package below `dist/`. */
import { relative } from 'node:path';
import { packages } from './packages.ts';
import { scriptArguments } from './script-arguments.ts';
import { stage } from './stage.ts';

const help = `npm run build

Stages the packages that are published below dist/, and says how to pack each.`;

scriptArguments(help, {});
for (const recipe of packages) {
  const directory = await stage(recipe);
  console.log(`${recipe.name}: npm pack ./${relative(process.cwd(), directory)}`);
}
