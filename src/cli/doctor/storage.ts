import type { Config } from '../../config.ts';
import { inspectStore, type StorageState } from '../../storage/inspect.ts';
import { StorageUnavailable } from '../../storage/problems.ts';
import type { Finding } from './finding.ts';

export const storageName = 'Storage';

/** Opens nothing for writing and creates nothing. */
export async function checkStorage(config: Pick<Config, 'databaseUrl' | 'dataDir'>): Promise<Finding> {
  const place = config.databaseUrl === undefined ? `DATA_DIR ${config.dataDir}` : 'PostgreSQL';
  const words: Record<StorageState, string> = {
    in_use: 'in use by a running neo-setup',
    ready: 'can be used',
    new: 'will be created at the first start',
  };
  try {
    const state = await inspectStore(config);
    return { name: storageName, outcome: 'ok', found: `${place}: ${words[state]}` };
  } catch (error) {
    if (!(error instanceof StorageUnavailable)) throw error;
    return { name: storageName, outcome: 'failed', found: `${place} cannot be used`, fix: error.message };
  }
}
