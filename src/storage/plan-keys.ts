import { createHash } from 'node:crypto';
import { foldText } from '../text/fold.ts';

/**
 * What a name and an address are compared by where they are stored, as SHA-256 (hex) of the folded text: PostgreSQL
 * indexes no text beyond some 2,700 bytes. The stored ones were made by a migration and with each change of a request:
 * whoever changes what this makes adds a migration that makes them again.
 */
export function planKeys({ name, email }: { name: string; email: string }): { name: string; email: string } {
  return { name: keyOf(name), email: keyOf(email) };
}

function keyOf(text: string): string {
  return createHash('sha256').update(foldText(text)).digest('hex');
}
