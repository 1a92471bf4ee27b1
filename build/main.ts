/** `npm run build`: stages every published package below `dist/`. */
import { relative } from 'node:path';
import { packages } from './packages.ts';
import { stage } from './stage.ts';

for (const recipe of packages) {
  const directory = await stage(recipe);
  console.log(`${recipe.name}: npm pack ./${relative(process.cwd(), directory)}`);
}
