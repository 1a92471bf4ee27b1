/**
 * What the run's page can do beyond being read; see client/main.ts.
 */
import { browserScript, moduleBeside } from './browser-script.ts';

export const pageScript = browserScript(moduleBeside(import.meta.url, './client/main'));
