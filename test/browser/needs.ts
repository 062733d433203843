import { hasChromium } from './browser.ts';

/** Says at the end of a run what it left out, and how to have it run. */
export function teardown(): void {
  if (!hasChromium)
    process.stderr.write(
      '\nSKIPPED: the tests in the browser, because there is no Chromium (Debian: apt-get install chromium).\n',
    );
}
