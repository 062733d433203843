/** Numbers from a seed: the same seed draws the same faults. (mulberry32) */
export type Random = {
  next: () => number;
  chance: (probability: number) => boolean;
  pick: <T>(items: readonly T[]) => T;
  between: (from: number, to: number) => number;
};

export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    next,
    chance: (probability) => next() < probability,
    pick: (items) => {
      const item = items[Math.floor(next() * items.length)];
      if (item === undefined) throw new Error('Nothing to pick from');
      return item;
    },
    between: (from, to) => Math.floor(from + next() * (to - from)),
  };
}
