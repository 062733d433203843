/** The store cannot be used. The message is for the operator and says what to do. */
export class StorageUnavailable extends Error {
  override readonly name: string = 'StorageUnavailable';
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
