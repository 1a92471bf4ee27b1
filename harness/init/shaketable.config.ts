/** What `shaketable` plays in this project. Every field may be left out; paths are relative to this file. */
import { defineConfig } from 'shaketable';

export default defineConfig({
  // Folders of scenarios: the path of a file below, without its ending, is the id of its scenario.
  scenarios: 'scenarios',

  // Files in there that are no scenarios, such as what several of them share.
  // ignore: ['shared/**'],

  // The scenarios that shaketable brings along (a fleet of agents and its server) stay out of this project's runs, unless they
  // are named: shaketable run fleet-resets
  builtIn: false,
});
