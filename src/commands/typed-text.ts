import { z } from 'zod';

/**
 * What somebody typed after a command. Slack escapes `&`, `<` and `>` in it, whatever `should_escape` says, and turns
 * addresses into links, as `<mailto:a@b.c|a@b.c>`.
 */
export const typedText = z
  .string()
  .default('')
  .transform((text) => decode(text.replace(/<[^<>|]+\|([^<>]*)>/g, '$1')).trim());

const escaped: Record<string, string> = { amp: '&', lt: '<', gt: '>' };

/** Once: `&amp;lt;` was typed as `&lt;`. */
function decode(text: string): string {
  return text.replace(/&(amp|lt|gt);/g, (whole, name: string) => escaped[name] ?? whole);
}
