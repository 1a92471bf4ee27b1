/** What placeholders become, and which of them stand for nothing. */
import { expect, it } from 'vitest';
import { fill, type PlaceholderValues, unknownPlaceholders } from '../../../harness/foreign/placeholders.ts';

const values: PlaceholderValues = {
  serverUrl: 'https://127.0.0.1:4443',
  wsUrl: 'wss://127.0.0.1:4443',
  serverHost: '127.0.0.1',
  serverPort: '4443',
  token: 'a $& token {{dir}}',
  caFile: '/d/ca.pem',
  trustStore: '/d/trust.jks',
  agentId: 'agent-001',
  dbUrl: '',
  proxyUrl: '',
  dir: '/d',
};

it('fills in every placeholder once, whatever its value looks like', () => {
  expect(fill('{{serverUrl}}/v1 {{ serverPort }} {{token}}', values)).toBe(
    'https://127.0.0.1:4443/v1 4443 a $& token {{dir}}',
  );
});

it('fills in the path of a configuration file', () => {
  expect(fill('--config={{file:agent.yaml}}', values, { 'agent.yaml': '/d/agent.yaml' })).toBe(
    '--config=/d/agent.yaml',
  );
});

it('leaves what is no placeholder of the lab’s', () => {
  expect(fill('{{ .Values.x }} {} {{}} {{constructor}}', values)).toBe(
    '{{ .Values.x }} {} {{}} {{constructor}}',
  );
  expect(unknownPlaceholders('{{constructor}} {{file:a}} {{token}}', ['b'])).toEqual([
    'constructor',
    'file:a',
  ]);
});
