// Updates docs/screenshots/*.png from a server on generated data that ends now.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate, launch, root, serve } from './browser.mjs';

const pictures = join(root, 'docs', 'screenshots');
const work = mkdtempSync(join(tmpdir(), 'openhours-screenshots-'));
const now = new Date(Math.floor(Date.now() / 60000) * 60000);
const text = (date) => date.toISOString().replace('.000', '');

generate(join(work, 'data'), '--stores', '1200', '--days', '15', '--calendar', '--as-of', text(now));
const { base, ask, report, kill } = await serve(work);
try {
  const ids = [];
  for (let day = 6; day > 0; day--) {
    ids.push(await report({ as_of: text(new Date(now - day * 86400e3)).replace('T', ' ') }));
  }
  ids.push(await report({}));
  const id = ids.at(-1);
  const { stores } = await ask(`/api/v1/reports/${id}/stores?status=outage&sort=planned_seconds&order=desc&limit=200`);
  const store = stores.find((one) => one.open_seconds < 6 * 86400) ?? stores[0]; // one that closes at night
  const pages = {
    overview: '/',
    reports: '/reports',
    report: `/reports/${id}`,
    stores: `/reports/${id}/stores?sort=downtime_seconds&order=desc`,
    store: `/reports/${id}/stores/${encodeURIComponent(store.store_id)}`,
    compare: `/reports/${ids[0]}/compare/${id}`,
    data: '/data',
  };
  const browser = await launch();
  const page = await browser.newPage({
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
    colorScheme: 'dark',
  });
  mkdirSync(pictures, { recursive: true });
  for (const [name, path] of Object.entries(pages)) {
    await page.goto(base + path);
    await page.waitForFunction(() => document.querySelector('h1') && !document.querySelector('.loading'));
    await page.waitForTimeout(500); // the chart appears after its library has loaded
    await page.screenshot({ path: join(pictures, `${name}.png`) });
    console.log(`docs/screenshots/${name}.png`);
  }
  await browser.close();
} finally {
  await kill('SIGTERM');
  rmSync(work, { recursive: true, force: true });
}
