/**
 * What the page of a benchmark can do beyond being read; see client/main.ts.
 */
import { browserScript, moduleBeside } from '../../../report/html/browser-script.ts';

export const benchScript = browserScript(moduleBeside(import.meta.url, './client/main'));
