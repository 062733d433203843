import { catalogue } from './catalogue.ts';
import { readSurface } from './read-surface.ts';

const lead = `# Everything that people read in Slack

\`npm run surfaces\` writes this page from fixed data. \`test/surfaces.test.ts\` holds it, so a change of wording is seen in its diff. Buttons stand in brackets, in the order in which a screen reader comes to them.
`;

/** The catalogue as one page of Markdown. @throws Error for a surface that Slack would refuse */
export function cataloguePage(): string {
  const chapters = catalogue.map(({ title, surfaces }) =>
    [
      `## ${title}\n`,
      ...surfaces.map(
        ({ name, drawn }) => `### ${name}\n\n\`\`\`text\n${tidy(readSurface(drawn))}\n\`\`\`\n`,
      ),
    ].join('\n'),
  );
  return [lead, ...chapters].join('\n');
}

function tidy(text: string): string {
  return text.replace(/[ \t]+$/gm, '').replaceAll('```', "'''");
}
