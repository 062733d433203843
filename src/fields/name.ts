import { z } from 'zod';
import { takeLine } from './entered.ts';
import { defineField } from './field.ts';

export const name = defineField({
  id: 'name',
  section: 'Account details',
  label: 'Username',
  hint: 'Visible in ticket histories, time entries and notes. “Neo Agent” makes clear who did it; a real person’s name makes messages to end users more personal.',
  input: {
    kind: 'text',
    block: 'username',
    initial: 'Neo Agent',
    take: takeLine,
    value: (name) => name,
  },
  plan: z.string().min(1),
  probe: (_choices, mark, at) => `neo-setup probe, please delete ${at.toISOString().slice(0, 19)}Z ${mark}`,
  send: (name) => ({ name }),
  repairs: [(name) => ({ name })],
  text: (name) => name,
  reported: (agent) => agent.name,
  same: (name, agent) => agent.name === name,
  byHand: (shown) => `set *Username* to ${shown}`,
});
