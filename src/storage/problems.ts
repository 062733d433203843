/** The store cannot be used. The message is for the operator and says what to do. */
export class StorageUnavailable extends Error {
  override readonly name: string = 'StorageUnavailable';
}

/** The store does not answer at this moment. Whether what was written last was kept is not known. */
export class StorageAway extends Error {
  override readonly name = 'StorageAway';
}

/**
 * What passes without a change of ours: a full disk, a lock, a database that restarts. Classes of PostgreSQL
 * (https://www.postgresql.org/docs/current/errcodes-appendix.html) and results of SQLite (https://www.sqlite.org/rescode.html).
 */
const passing = /^((08|40|53|57|58)...|55P03|SQLITE_(FULL|BUSY|IOERR).*)$/;

/** Will the store take it at another time? */
export function isAway(error: unknown): boolean {
  if (error instanceof StorageAway) return true;
  return error instanceof Error && 'code' in error && passing.test(String(error.code));
}

/** Another process holds the file: the app, or a command. */
export class StorageInUse extends StorageUnavailable {
  override readonly name = 'StorageInUse';
}

/** A storage command did not do its work. The message is for the operator: what changed, what to do. */
export class NotDone extends Error {
  override readonly name = 'NotDone';
}

/** @throws {NotDone} with `message` when another process holds the file */
export async function unlessInUse<T>(message: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof StorageInUse ? new NotDone(message, { cause: error }) : error;
  }
}

/** What an error of a driver or of the file system says. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
