/**
 * What the page of a benchmark can do beyond being read. It makes no request.
 */
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { startCopy } from '../../../../report/html/client/copy.ts';
import { startPrint } from '../../../../report/html/client/print.ts';
import { startChartKeys } from './chart-keys.ts';
import { startReveal } from './reveal.ts';

startChartKeys();
startReveal();
startCopy();
startPrint('details');
