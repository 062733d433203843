import { config as loadDotenv } from 'dotenv';
import { honourProxies } from '../proxy.ts';
import type { Command } from './command.ts';

/** Each is loaded only when it is asked for. */
const commands: Record<string, () => Promise<Command>> = {
  audit: async () => (await import('./audit.ts')).audit,
  doctor: async () => (await import('./doctor.ts')).doctor,
  storage: async () => (await import('./storage.ts')).storage,
};

loadDotenv({ quiet: true });
honourProxies(process.env);
const [name = '', ...argv] = process.argv.slice(2);
const load = commands[name];
if (load === undefined) throw new Error(`There is no command ${name}: ${Object.keys(commands).join(', ')}`);
const command = await load();
process.exitCode = await command(argv, process.env, process);
