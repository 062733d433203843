import { once } from 'node:events';
import { chmodSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Logger } from 'pino';
import { z } from 'zod';
import { backUp } from './backup.ts';
import type { Db, Store } from '../database.ts';
import { lockFile } from '../file.ts';
import { NotDone, reasonOf, unlessInUse } from '../problems.ts';

export const socketFile = 'neo-setup.sock';
/** What fits into a socket's address: 104 bytes with a closing zero on macOS, 108 on Linux. Node 20 cuts the rest off. */
const longestPath = 103;
const patienceMs = 60_000;

/** One line of JSON each way. `backup` is the absolute path of the file to write. */
const askSchema = z.strictObject({ backup: z.string() });
const answerSchema = z.union([
  z.strictObject({ written: z.string() }),
  z.strictObject({ problem: z.string() }),
]);
type Answer = z.infer<typeof answerSchema>;

/**
 * Takes backups for `askApp` while this process has the file locked, over a socket in `dataDir` that only
 * this user may open. Ends with the store that it returns. An app that cannot offer it runs all the same, and
 * says so in its log. On PostgreSQL there is nothing to offer.
 */
export async function offerBackups(store: Store, dataDir: string, log: Logger): Promise<Store> {
  if (store.isShared) return store;
  const path = join(dataDir, socketFile);
  const server = createServer((socket) => void answer(socket, store.db, log));
  try {
    if (Buffer.byteLength(path) > longestPath) throw new Error(`${path} is too long for a socket`);
    // The file is locked for this process: whoever left a socket behind is gone.
    rmSync(path, { force: true });
    server.listen(path);
    await once(server, 'listening');
    chmodSync(path, 0o600);
  } catch (error) {
    server.close();
    log.warn({ reason: reasonOf(error) }, 'no backups while this process runs: stop it for `storage backup`');
    return store;
  }
  const close = () => {
    server.close();
    return store.close();
  };
  return { ...store, close };
}

async function answer(socket: Socket, db: Db, log: Logger): Promise<void> {
  // Who asked may go away at any time.
  socket.on('error', () => {});
  socket.setTimeout(patienceMs, () => socket.destroy());
  const line = await firstLine(socket);
  if (line === undefined) return;
  const reply = await carryOut(line, db, log);
  socket.end(`${JSON.stringify(reply)}\n`);
}

async function carryOut(line: string, db: Db, log: Logger): Promise<Answer> {
  try {
    const { backup: file } = askSchema.parse(JSON.parse(line));
    await backUp(db, file);
    log.info({ file }, 'backup written');
    return { written: file };
  } catch (error) {
    log.warn({ err: error }, 'backup not written');
    return { problem: reasonOf(error) };
  }
}

/**
 * Writes everything that is stored in `dataDir` into a new file, an absolute path: by the app while one runs, else
 * by this process, which keeps the storage locked from then on. @throws {NotDone} {StorageUnavailable}
 */
export async function backUpAnyway(dataDir: string, file: string): Promise<void> {
  const isLocked =
    'The storage in DATA_DIR is locked by a process that takes no backups. If the app is only just starting or stopping, run this again; else its log says why, and it must be stopped first. Nothing was written.';
  if (await askApp(dataDir, file)) return;
  await unlessInUse(isLocked, async () => {
    const { db } = lockFile(dataDir, 'exists');
    await backUp(db, file);
    await db.destroy();
  });
}

/**
 * Asks the app that runs on `dataDir` to write a backup. False: no app listens there.
 * @throws {NotDone} with what the app says
 */
async function askApp(dataDir: string, file: string): Promise<boolean> {
  const path = join(dataDir, socketFile);
  const socket = Buffer.byteLength(path) > longestPath ? undefined : await connectTo(path);
  if (socket === undefined) return false;
  socket.on('error', () => {});
  socket.setTimeout(patienceMs, () => socket.destroy());
  socket.write(`${JSON.stringify({ backup: file })}\n`);
  const line = await firstLine(socket);
  socket.destroy();
  if (line === undefined)
    throw new NotDone(`The app did not answer. If there is a ${file} now, it is no backup: remove it.`);
  const reply = answerSchema.parse(JSON.parse(line));
  if ('problem' in reply) throw new NotDone(reply.problem);
  return true;
}

/** A socket without a listener is what a killed process leaves behind. */
async function connectTo(path: string): Promise<Socket | undefined> {
  const socket = createConnection(path);
  try {
    await once(socket, 'connect');
    return socket;
  } catch (error) {
    const { code } = z.looseObject({ code: z.string().optional() }).parse(error);
    if (code === 'ENOENT' || code === 'ECONNREFUSED') return undefined;
    throw new NotDone(
      `The app could not be asked (${reasonOf(error)}). Run this as the user that the app runs as.`,
      { cause: error },
    );
  }
}

/** Undefined: the other side closed without a line. */
async function firstLine(socket: Socket): Promise<string | undefined> {
  for await (const line of createInterface({ input: socket })) return line;
  return undefined;
}
