// A person at the page: a real Chromium before a real server. What the browser complains of, such as an
// error of a script or a breach of the Content-Security-Policy, fails the test.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { launch, serve } from '../browser.mjs';

// place is an own folder with data/ and reports/, and a browser; both go when the tests of the file are done.
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

// person is a test of what somebody does in a window of their own. Answers that are expected not to be 200
// are named in refused, such as '409 /api/v1/data'; away allows for a server that does not answer.
export function person(name, { at, width = 1280, height = 800, theme, refused = [], away = false }, does) {
  test(name, { timeout: 150_000 }, async () => {
    const { browser, server } = at();
    const context = await browser.newContext({
      viewport: { width, height },
      baseURL: server.base,
      reducedMotion: 'reduce',
      acceptDownloads: true,
    });
    context.setDefaultTimeout(45_000);
    if (theme) await context.addInitScript((chosen) => localStorage.setItem('openhours-theme', chosen), theme);
    await context.addInitScript(() =>
      document.addEventListener('securitypolicyviolation', (e) =>
        console.error(`against the policy: ${e.violatedDirective} ${e.blockedURI}`),
      ),
    );
    try {
      const page = await context.newPage();
      const faults = listen(page, refused, away);
      await does(page, server);
      assert.deepEqual(faults, [], 'what the browser complained of');
    } finally {
      await context.close();
    }
  });
}

function listen(page, refused, away) {
  const faults = [];
  page.on('pageerror', (error) => faults.push(`not caught: ${error.stack ?? error}`));
  page.on('dialog', async (dialog) => {
    faults.push(`a dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  page.on('response', (response) => {
    const said = `${response.status()} ${new URL(response.url()).pathname}`;
    if (response.status() >= 400 && !refused.includes(said)) faults.push(said);
  });
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    const text = message.text();
    if (/^Failed to load resource: the server responded/.test(text)) return; // told by its response
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

// drawn waits until a page has its content.
export async function drawn(page) {
  await page.waitForFunction(() => document.querySelector('#main h1') && !document.querySelector('.loading'));
}

export const tip = (page) => page.getByRole('tooltip');

// told waits until the tooltip shows a text.
export const told = (page, text) => tip(page).filter({ hasText: text, visible: true }).waitFor();
