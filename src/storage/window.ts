import { z } from 'zod';

/**
 * At most `max` of something in any `inMs`, and of some kinds at most so many: what those leave is for the others.
 * Counted in slots of `slotMs`. All times are milliseconds.
 */
export type WindowLimits = { inMs: number; slotMs: number; max: number; maxOf: Record<string, number> };

/** How many of each kind began in each slot. `from`: epoch milliseconds. */
export const windowSchema = z.array(
  z.object({ from: z.int().nonnegative(), kind: z.string(), count: z.int().positive() }),
);
export type Window = z.infer<typeof windowSchema>;

/**
 * One more of this kind, if there is room for it at this moment. Else how many milliseconds until there is: never more
 * than a window and two slots. What is noted in the future, by a clock that was wrong, counts as if it began now.
 */
export function takeOne(
  before: Window,
  kind: string,
  at: number,
  { inMs, slotMs, max, maxOf }: WindowLimits,
): { window: Window } | { waitMs: number } {
  const now = Math.floor(at / slotMs) * slotMs;
  // What was counted last in a slot may be on its way for another one.
  const inSlot = 2 * slotMs;
  const counted = before
    .map((slot) => ({ ...slot, from: Math.min(slot.from, now) }))
    .filter(({ from }) => from + inSlot + inMs > at)
    .toSorted((a, b) => a.from - b.from);
  const ofKind = counted.filter((slot) => slot.kind === kind);
  const free = Math.max(roomAt(counted, max), roomAt(ofKind, maxOf[kind] ?? max));
  if (free > 0) return { waitMs: free + inSlot + inMs - at };
  const last = ofKind.find(({ from }) => from === now);
  const others = counted.filter((slot) => slot !== last);
  return { window: [...others, { from: now, kind, count: (last?.count ?? 0) + 1 }] };
}

/** The beginning of the slot that must have left the window before there is room for one more. 0: there is room. */
function roomAt(slots: Window, max: number): number {
  let over = slots.reduce((all, { count }) => all + count, 0) - max + 1;
  for (const { from, count } of slots) {
    if (over <= 0) return 0;
    over -= count;
    if (over <= 0) return from;
  }
  return 0;
}
