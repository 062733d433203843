import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Store, Tx } from './database.ts';
import {
  assertLease,
  catchUp,
  claimTasks,
  extendLease,
  finishTask,
  nextDueAt,
  noteSending,
  postponeTask,
  LeaseLost,
  type Task,
  type TaskKind,
} from './tasks.ts';

/** Records in one transaction, and only while this worker still holds the task. */
export type Save = <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;

/** A task that this worker holds. */
export type Held = {
  save: Save;
  /**
   * Right before something is sent that can't be taken back. After it the task says that it may have been (`sent`).
   * @throws {LeaseLost} when another worker has the task by now
   */
  assertMaySend: () => Promise<void>;
};

/** Does one task. What it returns runs in the transaction that removes the task. */
export type Handler = (task: Task, held: Held) => Promise<(tx: Tx) => Promise<void>>;

/** Not now: the task is tried again after `delayMs`. */
export class TryLater extends Error {
  override readonly name = 'TryLater';
  readonly delayMs: number;
  /** The lane that takes nothing for so long: a task of it keeps its place among the others. */
  readonly lane: string | undefined;
  constructor(delayMs: number, reason: string, lane?: string) {
    super(reason);
    this.delayMs = delayMs;
    this.lane = lane;
  }
}

export type Worker = {
  start: () => void;
  /** Tasks were added: look now instead of at the next poll. */
  wake: () => void;
  /** Takes no more tasks and resolves when those in hand have ended. */
  stop: () => Promise<void>;
};

/** Tasks wait for the network nearly all of their time: a card must not wait behind jobs that wait for HaloPSA. */
const concurrency = 16;
/** Other processes may add tasks to a shared store without a word to us. */
const longestPauseMs = { shared: 1_000, own: 30_000 };
/** Milliseconds before a task that failed is tried again: doubles from `first` to `longest`. */
export type TaskRetry = { firstMs: number; longestMs: number };
/** Whoever says so, Slack or HaloPSA: what asks for a longer wait is looked at again after this, in milliseconds. */
const maxDelayMs = 3_600_000;
/** A clock that goes back by more than this was set, in milliseconds. */
const stepMs = 2_000;

/** Carries out the stored tasks, several at a time, until it is stopped. Any of them may die and is taken up again. */
export function createWorker(deps: {
  store: Store;
  handlers: Record<TaskKind, Handler>;
  log: Logger;
  retry: TaskRetry;
  leaseMs: number;
}): Worker {
  const { store, handlers, log, retry, leaseMs } = deps;
  const { db, now } = store;
  const running = new Map<string, Promise<void>>();
  let loop: Promise<void> | undefined;
  let stopping = false;
  let woken = false;
  let endPause = () => {};

  const wake = () => {
    woken = true;
    endPause();
  };

  async function work(task: Task): Promise<void> {
    const heartbeat = setInterval(() => {
      extendLease(db, task, now() + leaseMs).catch((error: unknown) => {
        log.warn({ err: error, task: task.key }, 'lease not extended');
      });
    }, leaseMs / 3);
    try {
      const save: Save = async (write) => {
        const saved = await db.transaction().execute(async (tx) => {
          await assertLease(tx, task);
          return write(tx);
        });
        // It may have added tasks, such as drawing the card again.
        wake();
        return saved;
      };
      const assertMaySend = () => noteSending(db, task, now() + leaseMs);
      const commit = await handlers[task.kind](task, { save, assertMaySend });
      await db.transaction().execute(async (tx) => {
        await finishTask(tx, task);
        await commit(tx);
      });
      wake();
    } catch (error) {
      await giveBack(task, error);
    } finally {
      clearInterval(heartbeat);
    }
  }

  async function giveBack(task: Task, error: unknown): Promise<void> {
    if (error instanceof LeaseLost) {
      log.warn({ task: task.key }, 'task was taken over by another instance');
      return;
    }
    const delayMs =
      error instanceof TryLater ? Math.min(error.delayMs, maxDelayMs) : retryDelayMs(task.attempts, retry);
    const reason = error instanceof Error ? error.message : String(error);
    const facts = { task: task.key, attempts: task.attempts, delayMs };
    if (error instanceof TryLater) log.info({ ...facts, reason }, 'task waits');
    else log.error({ ...facts, err: error }, 'task failed, it will be tried again');
    const keepsPlace = error instanceof TryLater && error.lane === task.lane;
    await postponeTask(db, task, keepsPlace ? task.due_at : now() + delayMs, reason);
  }

  /** @param at when there was nothing to take */
  async function waitForTask(at: number): Promise<void> {
    const due = running.size < concurrency ? await nextDueAt(db, at) : undefined;
    if (woken || stopping) return;
    const ms = Math.min(
      store.isShared ? longestPauseMs.shared : longestPauseMs.own,
      Math.max(0, (due ?? Infinity) - now()),
    );
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** When this was looked at last. Undefined: not yet; a process before this one may have had another clock. */
  let lastAt: number | undefined;

  async function noticeClock(inHand: readonly string[]): Promise<void> {
    const at = now();
    const byMs = lastAt === undefined ? 0 : lastAt - at;
    if (byMs > stepMs) log.warn({ byMs }, 'the clock was set back: what was put off is due now');
    const beyondMs = lastAt === undefined ? maxDelayMs : stepMs;
    if (lastAt === undefined || byMs > stepMs) await catchUp(db, { at, beyondMs, leaseMs, inHand });
    lastAt = at;
  }

  async function run(): Promise<void> {
    while (!stopping) {
      woken = false;
      try {
        const free = concurrency - running.size;
        const inHand = [...running.keys()];
        await noticeClock(inHand);
        const { tasks, at } =
          free > 0 ? await claimTasks(store, free, leaseMs, inHand) : { tasks: [], at: now() };
        for (const task of tasks) {
          const job: Promise<void> = work(task)
            .catch((error: unknown) => {
              log.error({ err: error, task: task.key }, 'task could not be given back; its lease will end');
            })
            .finally(() => {
              running.delete(task.key);
              wake();
            });
          running.set(task.key, job);
        }
        if (tasks.length === 0) await waitForTask(at);
      } catch (error) {
        log.error({ err: error }, 'storage did not answer the worker');
        await pause(retry.firstMs);
      }
    }
    await Promise.all(running.values());
  }

  return {
    start: () => {
      loop ??= run();
    },
    wake,
    stop: async () => {
      stopping = true;
      wake();
      await loop;
    },
  };
}

/** Milliseconds before the next attempt: doubles with each, with a quarter of jitter. */
export function retryDelayMs(attempts: number, { firstMs, longestMs }: TaskRetry): number {
  const base = Math.min(longestMs, firstMs * 2 ** Math.min(attempts - 1, 16));
  return Math.round(base * (0.75 + Math.random() / 2));
}
