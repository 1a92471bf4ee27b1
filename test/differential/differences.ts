/**
 * Where ours differs from Toxiproxy on purpose, observation by observation. One that is listed here and does not
 * differ fails the suite as much as one that differs and is not listed.
 */
export interface Difference {
  readonly item: number;
  /** The observations that differ. */
  readonly facts: readonly string[];
  /** Whether they do so with `compatibility: 'toxiproxy'` as well. */
  readonly always?: true;
  readonly reason: string;
}

const idle = 'a peer that resets does so whether or not something is under way';

export const differences: readonly Difference[] = [
  {
    item: 39,
    facts: ['client'],
    reason: 'the same address in another spelling is no move, and ends no connection',
  },
  {
    item: 65,
    facts: ['afterwards', 'afterwards too', 'afterwards still'],
    reason: 'a change that is refused changes nothing, so that no scenario runs with half of a fault',
  },
  {
    item: 74,
    facts: ['received'],
    reason: 'TCP can be half-closed: who is done sending still gets the answer',
  },
  {
    item: 75,
    facts: ['by the server', 'by the client'],
    reason: 'a reset arrives as a reset, which is what clients have to cope with',
  },
  {
    item: 93,
    facts: ['client'],
    reason: 'lifting a fault leaves connections alone that it did not touch',
  },
  { item: 97, facts: ['timeout 100'], reason: idle },
  { item: 98, facts: ['idle', 'client', 'server'], reason: `${idle}, and a reset is a reset` },
  {
    item: 99,
    facts: ['client', 'toxic deleted', 'proxy disabled'],
    reason: 'what a toxic does not apply to closes in an orderly way',
  },
  {
    item: 108,
    facts: ['connections'],
    reason: 'a change of values keeps a fault on the connections that it was drawn for',
  },
  {
    item: 117,
    facts: ['port taken'],
    reason: 'an entry of a file that cannot listen keeps none of the others from starting',
  },
  {
    item: 212,
    facts: ['created', 'populated'],
    reason: 'toxics can be given together with their proxy, so that no connection slips through before them',
  },
  {
    item: 213,
    facts: ['stream both', 'blackhole'],
    always: true,
    reason: 'there are more streams and types',
  },
  {
    item: 225,
    facts: ['third is early'],
    reason: 'each of two delays is as long as it says, for messages that queue too',
  },
  {
    item: 230,
    facts: ['same stream'],
    reason: 'a toxic keeps to the connections that it was drawn for, whatever is added behind it',
  },
  {
    item: 233,
    facts: ['within 300 ms'],
    always: true,
    reason: 'a number that overflows is a defect',
  },
  {
    item: 242,
    facts: ['program'],
    always: true,
    reason: 'a server that nobody can reach ends with an error and a hint',
  },
];
