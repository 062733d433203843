import type { InTime } from '../requests/decisions.ts';

/**
 * Slack takes an acknowledgement for three seconds. After this, in milliseconds, nobody is kept waiting any longer; the
 * rest is for the way back.
 */
const ackWithinMs = 2_000;

/** The time was up before anything was stored. */
class TooLate extends Error {
  override readonly name = 'TooLate';
}

/**
 * The time for everything before the acknowledgement. What is already being stored when it runs out counts. After that
 * nothing is stored: `assertInTime` throws {TooLate}.
 */
export type Deadline = Required<InTime>;

/**
 * Does the work that must be done before the acknowledgement. When the time is up and nothing was being stored, the answer
 * is what `late` says, and whatever the work comes to later changes nothing. @throws what the work throws in time
 */
export async function beforeAck<T>(
  work: (deadline: Deadline) => Promise<T>,
  late: () => T,
  withinMs = ackWithinMs,
): Promise<T> {
  let stage: 'deciding' | 'storing' | 'over' = 'deciding';
  const assertInTime = () => {
    if (stage === 'over') throw new TooLate();
    stage = 'storing';
  };
  const done = work({ assertInTime });
  let timer: NodeJS.Timeout | undefined;
  const isOver = new Promise<'over'>((resolve) => {
    timer = setTimeout(() => {
      if (stage !== 'storing') stage = 'over';
      resolve('over');
    }, withinMs);
  });
  try {
    const first = await Promise.race([done.then((value) => ({ value })), isOver]);
    if (first !== 'over') return first.value;
    if (isStoring(stage)) return await done;
    // How it ends no longer matters: it stores nothing.
    done.catch(() => {});
    return late();
  } finally {
    clearTimeout(timer);
  }
}

function isStoring(stage: string): boolean {
  return stage === 'storing';
}
