import axe from 'axe-core';
import type { OpenPage } from '../report/browser.ts';

/** What axe finds wrong, with where. */
export async function violations(page: OpenPage): Promise<unknown> {
  await page.evaluate(axe.source);
  return page.evaluate(`axe.run().then(({ violations }) =>
    violations.map(({ id, nodes }) => [id, ...nodes.slice(0, 3).map(({ html, failureSummary }) => html.slice(0, 200) + failureSummary)]))`);
}
