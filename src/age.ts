/**
 * Was `at` no more than `maxMs` ago? All in milliseconds. Not, if it lies ahead: a clock that was wrong noted it, so nobody
 * knows how old it is.
 */
export function isNoOlder(at: number, maxMs: number, now: number): boolean {
  return at <= now && now - at <= maxMs;
}
