/** The reference server's WebSocket, for one of its users. */
export function webSocketUrl(serverUrl: string, user: string): string {
  return `${serverUrl.replace(/^http/, 'ws')}/ws?user=${encodeURIComponent(user)}`;
}
