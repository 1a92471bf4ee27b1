/** What runs in the page; see client/main.ts. */
import { scriptBeside } from '../report/html/browser-script.ts';

export const handScript = scriptBeside(import.meta.url, './client/main');
