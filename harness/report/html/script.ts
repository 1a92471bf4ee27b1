/**
 * What the run's page can do beyond being read; see client/main.ts.
 */
import { scriptBeside } from './browser-script.ts';

export const pageScript = scriptBeside(import.meta.url, './client/main');
