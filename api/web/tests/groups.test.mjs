// Groups of attributes on the page of a report.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { person, place } from './person.mjs';

const { browser, start, data } = await place();

// b1 to b60 have brands of their own, and of 1,001 stores each has its own phone
const stores = Array.from(
  { length: 1001 },
  (_, i) => `s${i},${i < 60 ? `b${i + 1}` : ''},${i % 2 ? 'North' : '=South'},${i}`,
);
writeFileSync(data('stores.csv'), ['store_id,brand,region,phone', ...stores].join('\n') + '\n');
writeFileSync(
  data('store_status.csv'),
  'store_id,status,timestamp_utc\ns0,active,2024-11-04 11:00 UTC\ns2,inactive,2024-11-04 11:30 UTC\ns1,active,2024-11-04 12:00 UTC\n',
);
const server = await start();
const id = await server.report();
await server.report({ stores: ['s0'] });
const at = () => ({ browser, server });
const panel = (page) => page.getByRole('region', { name: 'Groups', exact: true });
const values = (page) => panel(page).locator('tbody th').allTextContents();
const asked = (page, name) => new URL(page.url()).searchParams.get(name);

person(
  'the groups of an attribute and a window are chosen in place, and shared by the address',
  { at },
  async (page) => {
    await page.goto(`/reports/${id}`);
    await panel(page).getByText('61 groups').waitFor();
    await panel(page).getByText('Too many values for groups: phone (1,001).').waitFor();
    const attribute = panel(page).getByRole('combobox', { name: 'Attribute' });
    await attribute.focus();
    await attribute.selectOption('region');
    await panel(page).getByText('2 groups').waitFor();
    assert.equal(await attribute.evaluate((menu) => menu === document.activeElement), true, 'the menu keeps its focus');
    await panel(page).getByRole('combobox', { name: 'Window' }).selectOption('last_hour');
    await page.locator('button[aria-pressed="true"]').getByText('Last hour').waitFor(); // of the zones
    await panel(page).getByRole('link', { name: 'Down', exact: true }).click();
    await panel(page).locator('th[aria-sort="descending"]').getByText('Down').waitFor();
    assert.deepEqual(await values(page), ['=South', 'North']);
    assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Down');
    await panel(page).getByRole('link', { name: 'Down', exact: true }).click();
    await panel(page).locator('th[aria-sort="ascending"]').waitFor();
    assert.deepEqual(await values(page), ['North', '=South']);
    assert.deepEqual(
      ['attribute', 'window', 'sort', 'order'].map((name) => asked(page, name)),
      ['region', 'last_hour', 'downtime_seconds', 'asc'],
    );
    await page.reload();
    await panel(page).locator('th[aria-sort="ascending"]').waitFor();
    assert.deepEqual(await values(page), ['North', '=South']);
  },
);

person('many groups have pages, and stores without a value are one of them', { at }, async (page) => {
  await page.goto(`/reports/${id}`);
  await panel(page).getByText('1 to 50 of 61').waitFor();
  assert.deepEqual((await values(page)).slice(0, 3), ['without a value', 'b1', 'b10']);
  await panel(page).getByRole('link', { name: 'Next' }).click();
  await panel(page).getByText('51 to 61 of 61').waitFor();
  assert.equal((await values(page)).length, 11);
  assert.equal(asked(page, 'offset'), '50');
});

person('the groups can be downloaded as CSV', { at }, async (page) => {
  await page.goto(`/reports/${id}?attribute=region&window=last_hour&sort=value&order=desc`);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    panel(page).getByRole('link', { name: 'Download CSV' }).click(),
  ]);
  const lines = readFileSync(await download.path(), 'utf8')
    .trimEnd()
    .split('\n');
  assert.equal(lines.length, 3);
  assert.match(lines[1], /^region,North,last_hour,500,/);
  assert.match(lines[2], /^region,'=South,last_hour,501,/);
});

person(
  'on a phone groups are sorted by a menu, and the page does not scroll sideways',
  { at, width: 390 },
  async (page) => {
    await page.goto(`/reports/${id}?attribute=region`);
    await panel(page).getByRole('combobox', { name: 'Order' }).selectOption('Unknown');
    await panel(page).locator('th[aria-sort="descending"]').getByText('Unknown').waitFor();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.equal(wide, 0);
    const box = await panel(page)
      .locator('.table-responsive')
      .evaluate((div) => div.scrollWidth - div.clientWidth);
    assert.equal(box, 0, 'the table fits');
  },
);
