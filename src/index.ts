import { config as loadDotenv } from 'dotenv';
import { readConfig } from './config.ts';
import { runProcess } from './process.ts';
import { honourProxies } from './proxy.ts';
import { lastLine } from './start-problem.ts';

loadDotenv({ quiet: true });
honourProxies(process.env);
const read = readConfig(process.env);
if ('problems' in read) {
  const lines = read.problems.map(({ variable, problem }) => `  ${variable} ${problem}`);
  process.stderr.write(
    `Fix these variables in .env (copied from .env.example) or the environment:\n${lines.join('\n')}\n\n` +
      'No Slack or HaloPSA account? Try the demo: npm run demo -- --play\n' +
      lastLine('fix the variables above first.'),
  );
  process.exit(1);
}
await runProcess(read.config);
