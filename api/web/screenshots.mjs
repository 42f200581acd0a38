// Makes docs/screenshots/*.png: a real server on a sample whose polls end now, seen by a real Chromium.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const program = join(root, 'openhours');
const pictures = join(root, 'docs', 'screenshots');
const browserPath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const work = mkdtempSync(join(tmpdir(), 'openhours-screenshots-'));
const now = new Date(Math.floor(Date.now() / 60000) * 60000);
const text = (date) => date.toISOString().replace('.000', '');

async function server() {
  execFileSync(program, ['generate', '--data', join(work, 'data'), '--stores', '1200', '--days', '15', '--as-of', text(now)]);
  const process = spawn(program, ['serve', '--data', join(work, 'data'), '--reports', join(work, 'reports'), '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'ignore', 'pipe'] });
  const base = await new Promise((ready, failed) => {
    let log = '';
    process.on('exit', () => failed(new Error(`the server ended: ${log}`)));
    process.stderr.on('data', (part) => { log += part; const found = /url=(http:\S+)/.exec(log); if (found) ready(found[1]); });
  });
  return { process, base };
}

const { process: running, base } = await server();
const ask = async (path, options) => (await fetch(base + path, options)).json();

async function report(parameters) {
  const { report_id: id } = await ask('/api/v1/reports', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(parameters) });
  for (;;) {
    const { state, error } = await ask(`/api/v1/reports/${id}`);
    if (state === 'complete') return id;
    if (state === 'failed') throw new Error(error);
    await new Promise((done) => setTimeout(done, 100));
  }
}

try {
  const ids = [];
  for (let day = 6; day > 0; day--) ids.push(await report({ as_of: text(new Date(now - day * 86400e3)).replace('T', ' ') }));
  ids.push(await report({}));
  const id = ids.at(-1);
  const { stores } = await ask(`/api/v1/reports/${id}/stores?status=outage&sort=outages&order=desc&limit=200`);
  const store = stores.find((one) => one.open_seconds < 6 * 86400) ?? stores[0]; // one that closes at night
  const pages = {
    overview: '/', reports: '/reports', report: `/reports/${id}`, stores: `/reports/${id}/stores?sort=downtime_seconds&order=desc`,
    store: `/reports/${id}/stores/${encodeURIComponent(store.store_id)}`, compare: `/reports/${ids[0]}/compare/${id}`, data: '/data',
  };
  const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
  mkdirSync(pictures, { recursive: true });
  for (const [name, path] of Object.entries(pages)) {
    await page.goto(base + path);
    await page.waitForFunction(() => document.querySelector('h1') && !document.querySelector('.loading'));
    await page.waitForTimeout(500); // the chart is drawn after its library is there
    await page.screenshot({ path: join(pictures, `${name}.png`) });
    console.log(`docs/screenshots/${name}.png`);
  }
  await browser.close();
} finally {
  running.removeAllListeners('exit');
  running.kill();
  rmSync(work, { recursive: true, force: true });
}
