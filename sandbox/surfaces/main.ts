import { writeFileSync } from 'node:fs';
import { cataloguePage } from './page.ts';

/** npm run surfaces: writes docs/surfaces.md. */
writeFileSync(new URL('../../docs/surfaces.md', import.meta.url), cataloguePage());
