/** The command that plays a scenario again, on the same faults. */
export function replayCommand(id: string, options: { seed: number; pace: 'fast' | 'real' }): string {
  const pace = options.pace === 'real' ? ' --pace real' : '';
  return `npm run lab -- ${id} --seed ${options.seed}${pace}`;
}
