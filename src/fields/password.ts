import { randomBytes, randomInt } from 'node:crypto';
import type { Generated } from './field.ts';

const minLength = 38;
/** Longer ones may be cut by HaloPSA or refused; nobody was seen to ask for more. */
const maxLength = 128;
/** The underscore is no special character to everybody who counts them. */
const kinds = ['abcdefghijkmnopqrstuvwxyz', 'ABCDEFGHJKLMNPQRSTUVWXYZ', '23456789', '!#$%*+-=?@'];

/**
 * A password that nobody will ever know: at least 192 random bits, all four kinds of characters, none twice in a
 * row (the strictest HaloPSA rules that were seen published allow two). Neo Agent signs in by API and never needs it.
 * @param tenantLength what this tenant asks for at least, in characters
 */
export function generatePassword(tenantLength = 0): string {
  const length = Math.min(maxLength, Math.max(minLength, tenantLength));
  for (;;) {
    const bytes = randomBytes(length)
      .toString('base64url')
      .slice(0, length - kinds.length);
    const password = `${bytes}${kinds.map((kind) => kind.charAt(randomInt(kind.length))).join('')}`;
    if (!/(.)\1/.test(password)) return password;
  }
}

/**
 * The guide says that any password will do, and Slack has no masked input and tells apps to ask for none: the form says
 * what becomes of it, and asks for nothing.
 */
export const password: Generated = {
  section: 'Account details',
  label: 'Password',
  inForm: 'generated automatically, shown to nobody, stored nowhere. Neo Agent signs in by API.',
  constant: {
    create: 'Password: random, never shown or stored',
    repair: 'Password: stays as it is',
  },
  besideResult: 'Password: generated and given only to HaloPSA. It can’t be read back.',
  send: ({ password_char_length: tenantLength }) => ({
    password: generatePassword(tenantLength),
  }),
};
