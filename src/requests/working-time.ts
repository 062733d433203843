/** Slack does not tell when somebody works: Monday to Friday, nine to five where they are. */
const firstHour = 9;
const endHour = 17;
const weekend = ['Sat', 'Sun'];
/** Every zone of today is whole quarters of an hour from UTC, so nine o'clock is on one. */
const quarterMs = 900_000;

/** The first moment at `at` (epoch milliseconds) or later in which somebody of this zone (IANA) is likely to be at work. */
export function nextWorkingMoment(at: number, timeZone: string | undefined): number {
  const clock = clockOf(timeZone);
  if (isAtWork(clock, at)) return at;
  let next = Math.ceil(at / quarterMs) * quarterMs;
  while (!isAtWork(clock, next)) next += quarterMs;
  return next;
}

function isAtWork(clock: Intl.DateTimeFormat, at: number): boolean {
  const parts = new Map(clock.formatToParts(at).map(({ type, value }) => [type, value]));
  const hour = Number(parts.get('hour'));
  return !weekend.includes(parts.get('weekday') ?? '') && hour >= firstHour && hour < endHour;
}

/** UTC where the zone is unknown to this machine. */
function clockOf(timeZone = 'UTC'): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      weekday: 'short',
      hour: 'numeric',
      hourCycle: 'h23',
    });
  } catch {
    return clockOf();
  }
}
