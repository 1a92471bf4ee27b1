/** What `shaketable` plays in this repository; the package takes it along as the lab's own. */
import { defineConfig } from 'shaketable';

export default defineConfig({
  scenarios: 'scenarios',
  ignore: ['explorations/**', 'rigs/**', 'images.*', 'incidents.*', 'persistent-lab.*'],
  images: 'scenarios/images.ts',
  persistentLab: 'scenarios/persistent-lab.ts',
  incidents: 'scenarios/incidents.ts',
});
