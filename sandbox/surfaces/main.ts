import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { cataloguePage } from './page.ts';
import { takePictures } from './pictures.ts';

/** npm run surfaces: writes docs/surfaces.md, and with `-- --pictures` docs/images too, which needs Chromium. */
const { values } = parseArgs({ options: { pictures: { type: 'boolean', default: false } } });
writeFileSync(new URL('../../docs/surfaces.md', import.meta.url), cataloguePage());
if (values.pictures) await takePictures();
