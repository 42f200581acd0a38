// What goes wrong: a report that fails, one that is not wanted any more, a server that goes away.
import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from '../browser.mjs';
import { drawn, person, place } from './person.mjs';

const { folder, browser, start, data } = await place();
const twice = 'store_id,status,timestamp,timestamp_utc\nmill,active,2024-11-04 10:14:00 UTC,2024-11-04 10:14:00 UTC\n';
writeFileSync(data('store_status.csv'), twice);
const options = { args: ['--threads', '1'] }; // so that a report can be seen at work
let server = await start(options);
const at = () => ({ browser, server });
const state = async (id) => (await server.ask(`/api/v1/reports/${id}`)).state;
const fleet = (page) => page.getByRole('region', { name: 'Fleet' }).waitFor();

person('a report that fails says why, and what to do', { at, refused: ['409 /api/v1/data'] }, async (page) => {
  await page.goto('/reports');
  await page.getByRole('button', { name: 'Make a report' }).click();
  const fault = 'columns "timestamp" and "timestamp_utc" both mean timestamp_utc';
  await page.getByText(`What went wrong: store_status.csv: ${fault}`).waitFor();
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Reports' }).click();
  const row = page.getByRole('row', { name: /failed/ });
  await row.getByText(fault).waitFor();
  await row.getByRole('link', { name: /^…/ }).click();
  await page.getByRole('link', { name: 'Look at the data' }).click();
  await page.getByText('The data cannot be read').waitFor();
  await page.locator('main').getByText(fault, { exact: false }).first().waitFor();
});

person('once the file is mended the same page asks again', { at }, async (page) => {
  const {
    reports: [failed],
  } = await server.ask('/api/v1/reports');
  rmSync(data('store_status.csv'));
  // so many that no report is over between two polls of the page
  generate(join(folder, 'data'), '--stores', '8000', '--days', '9');
  await page.goto(`/reports/${failed.report_id}`);
  await page.getByRole('button', { name: 'Make a report' }).click();
  await fleet(page);
});

person('progress goes on over a reload of the page', { at }, async (page) => {
  await server.submit({ fresh: true });
  await page.goto('/reports');
  await page.getByText('Options', { exact: true }).click();
  await page.getByLabel('Make it anew').check();
  await page.getByRole('button', { name: 'Make a report' }).click();
  await page.getByText('This page may be closed or reloaded').waitFor();
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
  await page.reload();
  await page.waitForFunction((was) => {
    const text = document.querySelector('main').textContent;
    return Number(/Step (\d+) of/.exec(text)?.[1]) > was || text.includes('How it was made');
  }, first);
  await fleet(page);
  assert.equal(page.url(), before);
  assert.equal((await server.ask('/api/v1/reports')).reports.length, 4, 'a reload asks for no report');
});

person('a report that is not wanted any more is cancelled', { at }, async (page) => {
  const ahead = [];
  for (let i = 0; i < 4; i++) ahead.push(await server.submit({ fresh: true }));
  const waiting = await server.submit({ fresh: true });
  await page.goto(`/reports/${waiting}`);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Really cancel?' }).click();
  await page.getByText('It was cancelled; it has no files.').waitFor();
  assert.equal(await state(waiting), 'cancelled');
  await page.goto('/reports?state=cancelled');
  await page.getByRole('link', { name: /^…/ }).waitFor();
  await page.goto(`/reports/${ahead.at(-1)}`);
  await fleet(page); // the others were left alone
});

person('the question of a cancel outlives the end of the wait', { at }, async (page) => {
  for (let i = 0; i < 3; i++) await server.submit({ fresh: true });
  const next = await server.submit({ fresh: true });
  await page.goto(`/reports/${next}`);
  await page.getByText('waiting', { exact: true }).waitFor();
  const button = page.getByRole('button', { name: /ancel/ });
  const kept = await button.elementHandle();
  await page.getByText('running', { exact: true }).waitFor();
  assert.ok(
    await kept.evaluate((node) => node.isConnected),
    'the button was made anew under the hand of whoever presses it',
  );
  await fleet(page);
});

person('a server that goes away is said, and the report goes on when it is back', { at, away: true }, async (page) => {
  await server.submit({ fresh: true });
  const id = await server.submit({ fresh: true });
  await page.goto(`/reports/${id}`);
  await page.getByText('This page may be closed or reloaded').waitFor();
  await server.kill();
  await page.getByText('The server does not answer.').waitFor();
  server = await start({ ...options, listen: server.address });
  await page.getByText('The server is back.').waitFor();
  await fleet(page);
  assert.equal(await state(id), 'complete');
  await page.getByText('The server is back.').waitFor({ state: 'detached' });
});

person('a page that is opened while the server is away comes when it is back', { at, away: true }, async (page) => {
  await page.goto('/reports');
  await drawn(page);
  await server.kill();
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Data' }).click();
  await page.getByText('No answer').waitFor();
  await page.getByText('The server does not answer.').waitFor();
  server = await start({ ...options, listen: server.address });
  await page.getByRole('rowheader', { name: 'store_status.csv' }).waitFor();
});

person(
  'a search while the server is away is answered by the page, and goes on when it is back',
  { at, away: true },
  async (page) => {
    const {
      reports: [made],
    } = await server.ask('/api/v1/reports?state=complete');
    await page.goto(`/reports/${made.report_id}/stores`);
    await page.locator('main strong').getByText('8,000 stores').waitFor();
    await server.kill();
    await page.getByRole('searchbox', { name: 'Search' }).fill('12');
    await page.getByText('No answer').waitFor();
    server = await start({ ...options, listen: server.address });
    await page.locator('main').getByText('of 8,000').waitFor();
    assert.equal(await page.getByRole('searchbox', { name: 'Search' }).inputValue(), '12');
  },
);

person(
  'a server that asks for a token is given one, which downloads need too',
  { at, refused: ['401 /api/v1/reports'] },
  async (page) => {
    const {
      reports: [made],
    } = await server.ask('/api/v1/reports?state=complete');
    await server.kill();
    server = await start({ args: [...options.args, '--read-token', 'sesame'] });
    await page.goto(`${server.base}/reports`);
    await page.getByRole('textbox', { name: 'Token' }).fill('wheat');
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByText('The token that was given is not one of this server.').waitFor();
    await page.getByRole('textbox', { name: 'Token' }).fill('sesame');
    await page.getByRole('button', { name: 'Go on' }).click();
    const link = page.getByRole('link', { name: `Download report.csv of ${made.report_id}` });
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    assert.deepEqual(
      readFileSync(await download.path()),
      readFileSync(join(folder, 'reports', made.report_id, 'report.csv')),
    );
    await page.reload();
    await link.waitFor();
    assert.equal(await page.getByRole('textbox', { name: 'Token' }).count(), 0, 'the tab keeps it');
  },
);
