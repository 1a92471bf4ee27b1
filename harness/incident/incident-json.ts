/** What was found and played, as JSON for programs: `incident.json`, version 1. */
import type { Diagnosis } from './diagnosis.ts';
import type { Reproduction } from './reproduction.ts';
import { chosen } from './scenario/scenario-file.ts';

/** The text of `incident.json`. */
export function incidentJson(
  diagnoses: readonly Diagnosis[],
  reproductions: readonly Reproduction[],
): string {
  const incidents = diagnoses.map((diagnosis) => {
    const played = reproductions.find((reproduction) => reproduction.diagnosis === diagnosis);
    return { ...found(diagnosis), ...(played && outcomeOf(played)) };
  });
  return `${JSON.stringify({ version: 1, incidents }, null, 2)}\n`;
}

function found({ incident, features, ranked }: Diagnosis): object {
  return {
    ...(incident.title === undefined ? {} : { title: incident.title }),
    sources: incident.sources.map(({ events, ...source }) => ({ ...source, events: events.length })),
    features: features.map(({ id, value, unit }) => ({ id, value, unit })),
    signatures: ranked.map(({ signature, match }) => ({
      id: signature.id,
      title: signature.title,
      score: Math.round(match.score * 1_000) / 1_000,
      reasons: match.reasons,
      against: match.against,
      parameters: match.parameters,
      evidence: chosen(match.evidence).map(({ source, line, quote }) => ({ source, line, quote })),
    })),
  };
}

function outcomeOf({ comparison, programs, scenario, axis }: Reproduction): object {
  return {
    verdict: comparison.verdict,
    compared: comparison.features,
    programs,
    axis,
    scenario: { id: scenario.id, asExpected: scenario.asExpected, replay: scenario.replay },
  };
}
