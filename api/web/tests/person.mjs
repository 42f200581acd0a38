// Runs the built program and a Chromium for a test. An uncaught error, a Content-Security-Policy violation or an
// unexpected response fails it.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { launch, serve } from '../browser.mjs';

// place returns a temporary folder with data/ and a browser, both removed after the tests of the file.
export async function place() {
  const folder = mkdtempSync(join(tmpdir(), 'openhours-browser-'));
  mkdirSync(join(folder, 'data'));
  const browser = await launch();
  const servers = [];
  after(async () => {
    await browser.close();
    await Promise.all(servers.map((server) => server.kill()));
    rmSync(folder, { recursive: true, force: true });
  });
  const start = async (options) => {
    const server = await serve(folder, options);
    servers.push(server);
    return server;
  };
  return { folder, browser, start, data: (name) => join(folder, 'data', name) };
}

// person is a test in a new browser window. refused lists expected error responses, for example '409 /api/v1/data';
// away allows failed connections. theme is what the switch chose before, system what the system prefers.
export function person(
  name,
  { at, width = 1280, height = 800, theme, system, touch = false, refused = [], away = false },
  does,
) {
  test(name, { timeout: 150_000 }, async () => {
    const { browser, server } = at();
    const context = await browser.newContext({
      viewport: { width, height },
      baseURL: server.base,
      reducedMotion: 'reduce',
      colorScheme: system ?? 'dark',
      acceptDownloads: true,
      hasTouch: touch,
    });
    context.setDefaultTimeout(45_000);
    if (theme) await context.addInitScript((chosen) => localStorage.setItem('openhours-theme', chosen), theme);
    await context.addInitScript(() =>
      document.addEventListener('securitypolicyviolation', (e) =>
        console.error(`policy violation: ${e.violatedDirective} ${e.blockedURI}`),
      ),
    );
    try {
      const page = await context.newPage();
      const faults = listen(page, refused, away);
      await does(page, server);
      assert.deepEqual(faults, [], 'errors in the browser');
    } finally {
      await context.close();
    }
  });
}

function listen(page, refused, away) {
  const faults = [];
  page.on('pageerror', (error) => faults.push(`uncaught: ${error.stack ?? error}`));
  page.on('dialog', async (dialog) => {
    faults.push(`a dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  page.on('response', (response) => {
    const answer = `${response.status()} ${new URL(response.url()).pathname}`;
    if (response.status() >= 400 && !refused.includes(answer)) faults.push(answer);
  });
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    const text = message.text();
    if (/^Failed to load resource: the server responded/.test(text)) return; // the response was checked above
    if (
      away &&
      /^Failed to load resource: net::ERR_(CONNECTION_REFUSED|CONNECTION_RESET|EMPTY_RESPONSE|SOCKET_NOT_CONNECTED)/.test(
        text,
      )
    )
      return;
    faults.push(`${message.type()}: ${text}`);
  });
  return faults;
}

// drawn waits until a page shows its content.
export async function drawn(page) {
  await page.waitForFunction(() => document.querySelector('#main h1') && !document.querySelector('.loading'));
}

export const tip = (page) => page.getByRole('tooltip');

// hover moves the pointer to a place that it first scrolls to: a tooltip goes away when the page scrolls.
export async function hover(page, target) {
  await target.scrollIntoViewIfNeeded();
  await page.mouse.move(0, 0);
  await target.hover();
}

// tipShows waits until the tooltip shows a text.
export const tipShows = (page, text) => tip(page).filter({ hasText: text, visible: true }).waitFor();
