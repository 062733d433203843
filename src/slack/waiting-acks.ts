import { setImmediate as nextTurn } from 'node:timers/promises';

/** Who is waiting for an acknowledgement at this moment, in this process. */
export type WaitingAcks = {
  /** A payload came in. @returns to be called once it is acknowledged, or given up; more often does nothing */
  begin: () => () => void;
  /** Resolves when nobody waits for an acknowledgement, and when it takes long, all the same. */
  quiet: () => Promise<void>;
};

/** Milliseconds. What waits for others to be acknowledged is waited for by somebody too. */
const maxQuietMs = 300;

/** People who type at the same moment are all acknowledged before the form of the first of them is completed. */
export function createWaitingAcks(): WaitingAcks {
  let waiting = 0;
  let begun = 0;
  return {
    begin: () => {
      waiting += 1;
      begun += 1;
      let isOpen = true;
      return () => {
        if (isOpen) waiting -= 1;
        isOpen = false;
      };
    },
    quiet: async () => {
      const until = performance.now() + maxQuietMs;
      // Others may have come in that this process has not looked at yet: it has, when a turn brings nobody new.
      for (let seen = -1; waiting > 0 || seen !== begun;) {
        if (performance.now() > until) return;
        seen = begun;
        await nextTurn();
      }
    },
  };
}
