import { DateTime } from 'luxon';

/** Slack does not tell when somebody works: Monday to Friday, nine to five where they are. */
const firstHour = 9;
const endHour = 17;
const saturday = 6;

/** The first moment at `at` (epoch milliseconds) or later in which somebody of this zone (IANA) is likely to be at work. */
export function nextWorkingMoment(at: number, timeZone: string | undefined): number {
  const there = DateTime.fromMillis(at, { zone: timeZone ?? 'utc' });
  const local = there.isValid ? there : DateTime.fromMillis(at, { zone: 'utc' });
  if (local.weekday < saturday && local.hour >= firstHour && local.hour < endHour) return at;
  const opening = local.startOf('day').set({ hour: firstHour });
  let next = local < opening ? opening : opening.plus({ days: 1 });
  while (next.weekday >= saturday) next = next.plus({ days: 1 });
  return next.toMillis();
}
