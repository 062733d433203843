import type { Seed } from './seed.ts';

const maxAlikeInARow = 2;

/**
 * Which of the tenant's rules a password breaks, in words that are ours: HaloPSA's own for agents are not
 * known. The rules for strong ones are those that one tenant published.
 */
export function brokenPasswordRule(password: string, { settings }: Seed): string | undefined {
  const { password_char_length: least, forcestrongpasswords } = settings;
  if (password.length < least) return `Password must be at least ${least} characters long`;
  if (!forcestrongpasswords) return undefined;
  if (![/[a-z]/, /[A-Z]/, /\d/, /[^\w]/].every((kind) => kind.test(password)))
    return 'Password must contain a lower case letter, an upper case letter, a digit and a special character';
  return new RegExp(`(.)\\1{${maxAlikeInARow}}`, 's').test(password)
    ? `Password must not contain more than ${maxAlikeInARow} identical characters in a row`
    : undefined;
}
