import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { config as loadDotenv } from 'dotenv';
import type { Config } from '../config.ts';
import { examine } from './examine.ts';
import { isWell, table } from './finding.ts';
import { reasonOf } from '../storage/problems.ts';
import { observeHalo } from './observed-halo.ts';
import { probe } from './probe.ts';

const usage = `npm run doctor
    says what is wrong with the installation, and changes nothing

npm run doctor -- --probe
    also learns which fields this HaloPSA keeps, with an agent that it creates and deletes`;

const question = `
The probe creates one disabled agent in HaloPSA, named “neo-setup probe, please delete …”, changes it a few times,
and deletes it. It takes no licence. Type yes to go on: `;

const pausesMs = [1_000, 2_000, 4_000];

loadDotenv({ quiet: true });
process.exitCode = (await run(process.argv.slice(2))) ? 0 : 1;

/** False: something is wrong, or was not done. */
async function run(args: string[]): Promise<boolean> {
  const wantsProbe = args[0] === '--probe';
  if (args.length > 1 || (args.length === 1 && !wantsProbe)) {
    say(usage);
    return false;
  }
  const manifest = readFileSync(new URL('../../manifest.yml', import.meta.url), 'utf8');
  const { findings, config } = await examine(process.env, { manifest, now: Date.now });
  say(table(findings));
  const allWell = isWell(findings);
  if (!wantsProbe) return allWell;
  if (config === undefined) {
    say('\nThe probe needs the variables first. Nothing was created.');
    return false;
  }
  return (await askAndProbe(config)) && allWell;
}

async function askAndProbe(config: Config): Promise<boolean> {
  process.stdout.write(question);
  const answer = await firstLine();
  if (answer !== 'yes') {
    say(
      answer === undefined
        ? '\nNobody answered: the probe asks on the terminal. Nothing was created.'
        : 'Nothing was created.',
    );
    return false;
  }
  process.on('SIGINT', () => {
    say('The agent is deleted first; this takes a moment.');
  });
  const mark = randomBytes(4).toString('hex');
  const {
    report,
    told,
    isWell: isProbed,
  } = await probe({ ...observeHalo(config.halo), pausesMs }, new Date(), mark);
  if (report !== undefined) keep(JSON.stringify(report, undefined, 2), config.dataDir);
  for (const line of told) say(`\n${line}`);
  return isProbed;
}

function keep(json: string, dataDir: string): void {
  say(`\n----- what the probe learned: attach it to a bug report -----\n${json}\n-----`);
  if (!existsSync(dataDir)) return;
  const file = join(dataDir, 'halo-probe.json');
  try {
    writeFileSync(file, `${json}\n`);
    say(`It stands in ${file}, too.`);
  } catch (error) {
    say(`It could not be written to ${file} (${reasonOf(error)}): copy it from here.`);
  }
}

/** Undefined: the input ended without one. */
async function firstLine(): Promise<string | undefined> {
  for await (const line of createInterface({ input: process.stdin })) return line.trim();
  return undefined;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
