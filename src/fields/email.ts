import { z } from 'zod';
import { takeLine } from './entered.ts';
import { defineField } from './field.ts';

export const email = defineField({
  id: 'email',
  section: 'Account details',
  label: 'Email Address',
  input: {
    kind: 'email',
    block: 'email_address',
    initial: 'team@neoagent.io',
    take: ([email = '']) => {
      const line = takeLine([email]);
      if ('problem' in line || z.email().safeParse(email).success) return line;
      return { problem: 'This is not an email address. It should look like team@neoagent.io.' };
    },
    value: (email) => email,
  },
  plan: z.string().min(1),
  probe: (_choices, mark) => `probe+${mark}@neo-setup.invalid`,
  send: (email) => ({ email }),
  repairs: [(email) => ({ email })],
  text: (email) => email,
  reported: (agent) => agent.email,
  same: (email, agent) => agent.email?.toLowerCase() === email.toLowerCase(),
  byHand: (shown) => `set *Email Address* to ${shown}`,
});
