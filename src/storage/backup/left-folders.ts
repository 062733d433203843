import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Of the folders in DATA_DIR that hold a copy while somebody looks at it. */
export const leftFolderPrefix = 'look-';
/** Nobody looks for so long, in milliseconds. */
const leftAfterMs = 3_600_000;

/** Removes the copies that a killed command left in `dataDir`. What can't be removed is left: it is in nobody's way. */
export function removeLeftFolders(dataDir: string): void {
  for (const name of readdirSync(dataDir).filter((one) => one.startsWith(leftFolderPrefix))) {
    const folder = join(dataDir, name);
    try {
      if (Date.now() - statSync(folder).mtimeMs > leftAfterMs)
        rmSync(folder, { recursive: true, force: true });
    } catch {
      continue;
    }
  }
}
