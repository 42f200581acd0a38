// What can go wrong: failed and cancelled reports, a server that is down, tokens.
import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from '../browser.mjs';
import { drawn, person, place } from './person.mjs';

const { folder, browser, start, data } = await place();
const twice = 'store_id,status,timestamp,timestamp_utc\nmill,active,2024-11-04 10:14:00 UTC,2024-11-04 10:14:00 UTC\n';
writeFileSync(data('store_status.csv'), twice);
const options = { args: ['--threads', '1'] }; // slow enough to observe a running report
let server = await start(options);
const at = () => ({ browser, server });
const state = async (id) => (await server.ask(`/api/v1/reports/${id}`)).state;
const fleet = (page) => page.getByRole('region', { name: 'Fleet' }).waitFor();

person('a failed report shows the reason and a way on', { at, refused: ['409 /api/v1/data'] }, async (page) => {
  await page.goto('/reports');
  await page.getByRole('button', { name: 'Make a report' }).click();
  const fault = 'columns "timestamp" and "timestamp_utc" both mean timestamp_utc';
  await page.getByText(`Failed: store_status.csv: ${fault}`).waitFor();
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Reports' }).click();
  const row = page.getByRole('row', { name: /failed/ });
  await row.getByText(fault).waitFor();
  await row.getByRole('link', { name: /^…/ }).click();
  await page.getByRole('link', { name: 'Check the data' }).click();
  await page.getByText('The data cannot be read').waitFor();
  await page.locator('main').getByText(fault, { exact: false }).first().waitFor();
});

person('the failed report can be requested again once the file is fixed', { at }, async (page) => {
  const {
    reports: [failed],
  } = await server.ask('/api/v1/reports');
  rmSync(data('store_status.csv'));
  // large enough that no report finishes between two polls of the page
  generate(join(folder, 'data'), '--stores', '8000', '--days', '9');
  await page.goto(`/reports/${failed.report_id}`);
  await page.getByRole('button', { name: 'Make a report' }).click();
  await fleet(page);
});

// theClockTicks expects the seconds of a running report to pass although the server says nothing new.
async function theClockTicks(page) {
  const { pathname } = new URL(page.url());
  const running = await server.ask(`/api/v1${pathname}`);
  assert.equal(running.state, 'running');
  await page.route(`**/api/v1${pathname}`, (route) => route.fulfill({ json: running }));
  const seen = new Set();
  while (seen.size < 3) seen.add(await page.getByText(/running for \d+ s/).innerText());
  await page.unroute(`**/api/v1${pathname}`);
}

person('progress continues after a reload', { at }, async (page) => {
  await server.submit({ fresh: true });
  await page.goto('/reports');
  await page.getByText('Options', { exact: true }).click();
  await page.getByLabel('Recompute').check();
  await page.getByRole('button', { name: 'Make a report' }).click();
  await page.getByText('You can close or reload this page').waitFor();
  const before = page.url();
  await page.reload();
  const step = async () => {
    const text = await page
      .locator('main')
      .getByText(/^Step \d+ of \d+: /)
      .innerText();
    return Number(/\d+/.exec(text)[0]);
  };
  const first = await step();
  assert.ok(Number(await page.getByRole('progressbar').getAttribute('aria-valuenow')) <= 100);
  await theClockTicks(page);
  await page.reload();
  await page.waitForFunction((was) => {
    const text = document.querySelector('main').textContent;
    return Number(/Step (\d+) of/.exec(text)?.[1]) > was || text.includes('Findings about the data');
  }, first);
  await fleet(page);
  assert.equal(page.url(), before);
  assert.equal((await server.ask('/api/v1/reports')).reports.length, 4, 'a reload requests no report');
});

person('a waiting report can be cancelled', { at }, async (page) => {
  const ahead = [];
  for (let i = 0; i < 4; i++) ahead.push(await server.submit({ fresh: true }));
  const waiting = await server.submit({ fresh: true });
  await page.goto(`/reports/${waiting}`);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Really cancel?' }).click();
  await page.getByText('Cancelled. It has no files.').waitFor();
  assert.equal(await state(waiting), 'cancelled');
  await page.goto('/reports?state=cancelled');
  await page.getByRole('link', { name: /^…/ }).waitFor();
  await page.goto(`/reports/${ahead.at(-1)}`);
  await fleet(page); // the others were not cancelled
});

person('the cancel button survives the change from waiting to running', { at }, async (page) => {
  for (let i = 0; i < 3; i++) await server.submit({ fresh: true });
  const next = await server.submit({ fresh: true });
  await page.goto(`/reports/${next}`);
  await page.getByText('waiting', { exact: true }).waitFor();
  const button = page.getByRole('button', { name: /ancel/ });
  const kept = await button.elementHandle();
  await page.getByText('running', { exact: true }).waitFor();
  assert.ok(await kept.evaluate((node) => node.isConnected), 'the button was replaced while it could be pressed');
  await fleet(page);
});

person('a lost server is reported, and the report continues after a restart', { at, away: true }, async (page) => {
  await server.submit({ fresh: true });
  const id = await server.submit({ fresh: true });
  await page.goto(`/reports/${id}`);
  await page.getByText('You can close or reload this page').waitFor();
  await server.kill();
  await page.getByText('The server is not responding.').waitFor();
  server = await start({ ...options, listen: server.address });
  await page.getByText('The server is back.').waitFor();
  await fleet(page);
  assert.equal(await state(id), 'complete');
  await page.getByText('The server is back.').waitFor({ state: 'detached' });
});

person('a page opened while the server is down loads when it is back', { at, away: true }, async (page) => {
  await page.goto('/reports');
  await drawn(page);
  await server.kill();
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Data' }).click();
  await page.getByText('No response').waitFor();
  await page.getByText('The server is not responding.').waitFor();
  server = await start({ ...options, listen: server.address });
  await page.getByRole('rowheader', { name: 'store_status.csv' }).waitFor();
});

person('a search while the server is down is repeated when it is back', { at, away: true }, async (page) => {
  const {
    reports: [made],
  } = await server.ask('/api/v1/reports?state=complete');
  await page.goto(`/reports/${made.report_id}/stores`);
  await page.locator('main strong').getByText('8,000 stores').waitFor();
  await server.kill();
  await page.getByRole('searchbox', { name: 'Search' }).fill('12');
  await page.getByText('No response').waitFor();
  server = await start({ ...options, listen: server.address });
  await page.locator('main').getByText('of 8,000').waitFor();
  assert.equal(await page.getByRole('searchbox', { name: 'Search' }).inputValue(), '12');
});

person(
  'a browser signs in once, for all tabs and downloads, and signs out',
  { at, refused: ['401 /api/v1/session'] },
  async (page) => {
    const {
      reports: [made],
    } = await server.ask('/api/v1/reports?state=complete');
    await server.kill();
    const [reader, writer] = ['open sesame, open', 'close sesame, close'];
    server = await start({ args: [...options.args, '--read-token', reader, '--write-token', writer] });
    const token = page.getByRole('textbox', { name: 'Token' });
    const signIn = async (text) => {
      await token.fill(text);
      await page.getByRole('dialog').getByRole('button', { name: 'Sign in' }).click();
    };
    await page.goto(`${server.base}/reports`);
    const other = await page.context().newPage();
    await other.goto(`${server.base}/data`);
    await other.getByRole('dialog').waitFor();
    await signIn('wheat');
    await page.getByText('The server did not accept this token.').waitFor();
    await signIn(reader);
    const link = page.getByRole('link', { name: `Download report.csv of Report …${made.report_id.slice(-8)}` });
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    assert.deepEqual(
      readFileSync(await download.path()),
      readFileSync(join(folder, 'reports', made.report_id, 'report.csv')),
    );
    await other.getByText('Uploading files needs a write token.').waitFor(); // without a word to this tab
    await other.close();
    await page.getByText('Making a report needs a write token.').waitFor();
    await page.setViewportSize({ width: 390, height: 800 });
    const wide = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
    await page.getByRole('button', { name: 'Menu' }).click();
    await page.getByRole('button', { name: 'Sign out (you may read only)' }).waitFor();
    assert.equal(await page.evaluate(wide), 0, 'the button to sign out fits');
    assert.equal(await page.getByRole('button', { name: /^Delete|^Make a report/ }).count(), 0);
    await page.goto(`${server.base}/reports/${made.report_id}`);
    await fleet(page);
    assert.equal(await page.getByText('Delete this report').count(), 0);
    assert.equal(await page.getByText('Name, note and pin').count(), 0);
    const [cookie] = await page.context().cookies();
    assert.deepEqual([cookie.httpOnly, cookie.sameSite, cookie.path], [true, 'Strict', '/']);
    assert.equal(await page.evaluate(() => JSON.stringify([document.cookie, { ...sessionStorage }])), '["",{}]');
    await page.goto(`${server.base}/reports`);
    await page.getByRole('button', { name: 'Sign in with one' }).click();
    await signIn(writer);
    await page.getByRole('button', { name: 'Make a report' }).waitFor();
    await page.reload();
    await link.waitFor();
    await page.getByRole('button', { name: 'Menu' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await token.waitFor();
  },
);
