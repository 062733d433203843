import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Config } from '../config.ts';
import { examine } from './doctor/examine.ts';
import { isWell, table, verdict } from './doctor/finding.ts';
import { reasonOf } from '../storage/problems.ts';
import { observeHalo } from './doctor/observed-halo.ts';
import { probe, type ProbeReport } from './doctor/probe.ts';
import { keepProbe } from './doctor/probes.ts';
import type { Command, Environment, Streams } from './command.ts';

const usage = `npm run doctor
    checks the installation and changes nothing

npm run doctor -- --probe
    also finds out which fields this HaloPSA saves, using an agent that it creates and deletes`;

const question = `
The probe creates one disabled agent in HaloPSA, named “neo-setup probe, please delete …”, changes it a few times,
and deletes it. It doesn’t use a licence. Type yes to continue: `;

const pausesMs = [1_000, 2_000, 4_000];

/** `npm run doctor`: says what is wrong with the installation. Exit code 1: something is, or was not done. */
export const doctor: Command = async (argv, env, streams) => ((await run(argv, env, streams)) ? 0 : 1);

/** False: something is wrong, or was not done. */
async function run(args: string[], env: Environment, streams: Streams): Promise<boolean> {
  const say = sayOn(streams);
  const wantsProbe = args[0] === '--probe';
  if (args.length > 1 || (args.length === 1 && !wantsProbe)) {
    say(usage);
    return false;
  }
  const manifest = readFileSync(new URL('../../manifest.yml', import.meta.url), 'utf8');
  const { findings, config } = await examine(env, { manifest, now: Date.now });
  say(`${table(findings)}\n\n${verdict(findings)}`);
  const allWell = isWell(findings);
  if (!wantsProbe) return allWell;
  if (config === undefined) {
    say('\nNothing was created. Fix the variables above, then run the probe again.');
    return false;
  }
  return (await askAndProbe(config, streams)) && allWell;
}

async function askAndProbe(config: Config, streams: Streams): Promise<boolean> {
  const say = sayOn(streams);
  streams.stdout.write(question);
  const answer = await firstLine(streams.stdin);
  if (answer !== 'yes') {
    say(
      answer === undefined
        ? '\nNothing was created: there was no answer. Run the probe in a terminal, where you can type yes.'
        : 'Nothing was created.',
    );
    return false;
  }
  const onInterrupt = () => {
    say('Deleting the probe’s agent before stopping. This takes a moment.');
  };
  process.on('SIGINT', onInterrupt);
  const mark = randomBytes(4).toString('hex');
  const {
    report,
    told,
    isWell: isProbed,
  } = await probe({ ...observeHalo(config.halo), pausesMs }, new Date(), mark);
  process.off('SIGINT', onInterrupt);
  if (report !== undefined) keep(report, config.dataDir, say);
  for (const line of told) say(`\n${line}`);
  return isProbed;
}

function keep(report: ProbeReport, dataDir: string, say: Say): void {
  const json = JSON.stringify(report, undefined, 2);
  say(`\n----- Probe report: attach this to your bug report -----\n${json}\n-----`);
  try {
    const file = keepProbe(dataDir, { report, version: report.haloVersion, at: new Date() });
    if (file !== undefined) say(`Also saved in ${file}.`);
  } catch (error) {
    say(`Couldn’t save it in ${dataDir} (${reasonOf(error)}). Copy it from above.`);
  }
}

/** Undefined: the input ended without one. */
async function firstLine(stdin: Readable): Promise<string | undefined> {
  for await (const line of createInterface({ input: stdin })) return line.trim();
  return undefined;
}

type Say = (text: string) => void;

function sayOn({ stdout }: Streams): Say {
  return (text) => {
    stdout.write(`${text}\n`);
  };
}
