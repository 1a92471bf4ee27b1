/**
 * What the WebSocket router has done so far. Types that no handler knows are counted together: peers may invent
 * any number.
 */

export interface WebSocketStatistics {
  readonly connections: { open: number; opened: number; closed: number };
  readonly messages: {
    received: number;
    sent: number;
    byType: Record<string, number>;
    byHandler: Record<string, number>;
    unknown: number;
    errors: number;
  };
}

export interface StatisticsRecorder {
  opened(): void;
  closed(): void;
  sent(): void;
  routed(type: string, handler: string): void;
  unknown(): void;
  error(): void;
  read(): WebSocketStatistics;
}

export function createStatistics(): StatisticsRecorder {
  const connections = { opened: 0, closed: 0 };
  const messages = { received: 0, sent: 0, unknown: 0, errors: 0 };
  const byType = new Map<string, number>();
  const byHandler = new Map<string, number>();
  const count = (map: Map<string, number>, key: string) => map.set(key, (map.get(key) ?? 0) + 1);

  return {
    opened() {
      connections.opened += 1;
    },
    closed() {
      connections.closed += 1;
    },
    sent() {
      messages.sent += 1;
    },
    routed(type, handler) {
      messages.received += 1;
      count(byType, type);
      count(byHandler, handler);
    },
    unknown() {
      messages.received += 1;
      messages.unknown += 1;
    },
    error() {
      messages.received += 1;
      messages.errors += 1;
    },
    read: () => ({
      connections: { open: connections.opened - connections.closed, ...connections },
      messages: {
        ...messages,
        byType: Object.fromEntries(byType),
        byHandler: Object.fromEntries(byHandler),
      },
    }),
  };
}
