/**
 * What the page of a benchmark can do beyond being read; see client/main.ts.
 */
import { scriptBeside } from '../../../report/html/browser-script.ts';

export const benchScript = scriptBeside(import.meta.url, './client/main');
