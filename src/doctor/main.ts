import { readFileSync } from 'node:fs';
import { config as loadDotenv } from 'dotenv';
import { examine } from './examine.ts';
import { isWell, table } from './finding.ts';

loadDotenv({ quiet: true });
const manifest = readFileSync(new URL('../../manifest.yml', import.meta.url), 'utf8');
const { findings } = await examine(process.env, { manifest, now: Date.now });
process.stdout.write(`${table(findings)}\n`);
process.exitCode = isWell(findings) ? 0 : 1;
