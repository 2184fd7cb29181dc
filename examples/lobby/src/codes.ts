/** The match code in `/ws/CODE`, or null. Codes avoid 0, O, 1 and I. */
export function codeOf(path: string, length: number): string | null {
  const match = /^\/ws\/([A-HJ-NP-Z2-9]+)$/.exec(path.toUpperCase().replace(/^\/WS/, "/ws"));
  return match !== null && match[1].length === length ? match[1] : null;
}
