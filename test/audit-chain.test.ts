import { join } from 'node:path';
import Sqlite from 'libsql';
import { openFile } from '../src/storage/database.ts';
import { testAudit } from './audit-on-store.ts';
import { newFolder, unlocked } from './stored.ts';

testAudit({
  name: 'a SQLite file',
  open: (text) => {
    const written = newFolder();
    if (text === undefined) return openFile(written);
    const sqlite = new Sqlite(join(written, 'neo-setup.db'));
    sqlite.exec(text);
    sqlite.close();
    return openFile(unlocked(written));
  },
  unguard: ['drop trigger audit_no_update', 'drop trigger audit_no_delete'],
});
