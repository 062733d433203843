import { randomBytes } from 'node:crypto';

/**
 * A password that nobody will ever know: 192 random bits, all four kinds of characters, no three alike in a
 * row (the strictest HaloPSA policy that was seen published). Neo Agent signs in by API and never needs it.
 */
export function generatePassword(): string {
  for (;;) {
    const password = `${randomBytes(24).toString('base64url')}-aA1!`;
    if (!/(.)\1\1/.test(password)) return password;
  }
}
