// Targets: the form takes one, and the pages count the stores by verdict.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { hover, person, place, tip, tipShows } from './person.mjs';

const { browser, start, data } = await place();

const polls = ['a,active', 'b,inactive'].flatMap((poll) =>
  ['10:59', '12:00'].map((at) => `${poll},2024-11-04 ${at} UTC`),
);
writeFileSync(data('store_status.csv'), ['store_id,status,timestamp_utc', ...polls].join('\n') + '\n');
const server = await start();
const plain = await server.report();
const at = () => ({ browser, server });
const panel = (page) => page.getByRole('region', { name: 'Targets', exact: true });

person(
  'a report with a target from the form counts the stores by verdict',
  { at, refused: ['400 /api/v1/reports'] },
  async (page) => {
    await page.goto(`/reports/${plain}`);
    await page.getByRole('region', { name: 'Fleet', exact: true }).waitFor();
    assert.equal(await panel(page).count(), 0);
    await page.goto('/reports');
    await page.getByText('Options').click();
    await page.getByLabel('Target', { exact: true }).fill('100');
    await page.getByRole('button', { name: 'Make a report' }).click();
    await page.getByText('write a percentage above 0 and below 100').waitFor();
    await page.getByLabel('Target', { exact: true }).fill('99.5 %');
    await page.getByRole('button', { name: 'Make a report' }).click();
    const hour = panel(page).getByRole('row', { name: /Last hour/ });
    await hour.waitFor();
    assert.deepEqual(await hour.locator('td').allTextContents(), ['1', '0', '0', '1', '0']);
    const [missed, none] = [hour.locator('td').nth(3), hour.locator('td').nth(4)];
    assert.match(await missed.getByRole('link').getAttribute('href'), /window=last_hour&verdict=missed/);
    assert.equal(await none.getByRole('link').count(), 0);
    await page.getByText('target 99.5 %').first().waitFor();
    await page.getByRole('link', { name: 'targets.parquet' }).waitFor();
  },
);

person('the overview has the verdicts, which lead to their stores', { at }, async (page) => {
  await page.goto('/');
  await page.getByRole('region', { name: 'Fleet uptime' }).waitFor();
  assert.equal(await panel(page).count(), 0, 'a report with another target is an experiment');
  writeFileSync(data('targets.csv'), 'store_id,target\n*,99.5\n');
  await server.report();
  const missed = panel(page)
    .getByRole('row', { name: /Last hour/ })
    .locator('td')
    .nth(3);
  const link = missed.getByRole('link', { name: '1' }); // the page redraws itself
  assert.match(await link.getAttribute('href'), /stores\?window=last_hour&verdict=missed/);
  const card = page.locator('.card-window', { hasText: 'Last hour' });
  await card.getByText('target of each store 99.5 %: uptime 49.50 points below it').waitFor();
  assert.match(await card.getByRole('link', { name: '1 missed' }).getAttribute('href'), /verdict=missed/);
  writeFileSync(data('targets.csv'), 'store_id,target\na,99.5\n');
  await server.report();
  await card.getByText('target of 1 store 99.5 %').waitFor();
  assert.equal(await card.getByText('points').count(), 0, 'the target does not hold for all');
});

person('a window of the calendar is shown with its dates, and the target on paper', { at }, async (page) => {
  await page.goto('/reports');
  await page.getByText('Options').click();
  await page.getByLabel('Target', { exact: true }).fill('98');
  await page.getByLabel('Add a calendar window').selectOption('Previous month');
  assert.equal(await page.getByLabel('Windows', { exact: true }).inputValue(), 'previous_month');
  await page.getByText('for: previous month').waitFor();
  await page.getByRole('button', { name: 'Make a report' }).click();
  await panel(page).waitFor();
  const month = new URL(page.url()).pathname.split('/').at(-1);
  const sheets = (await page.pdf({ format: 'A4' })).toString('latin1').match(/\/Type\s*\/Page\b/g);
  assert.equal(sheets.length, 1, 'sheets of the report');
  const row = page.getByRole('region', { name: 'Fleet', exact: true }).getByRole('row', { name: /Previous month/ });
  await row.getByText('1 Oct 2024 to 31 Oct 2024').waitFor();
  await page.goto(`/reports/${month}/stores`);
  await page.getByText('Previous month 1 Oct 2024 to 31 Oct 2024, up to').waitFor();
  await page.setViewportSize({ width: 718, height: 1000 });
  await page.emulateMedia({ media: 'print' });
  await page.getByRole('columnheader', { name: 'Target' }).waitFor();
});

const hidden = (page) => tip(page).waitFor({ state: 'hidden' });

person('words beside numbers explain themselves to pointers, keyboards and screen readers', { at }, async (page) => {
  await page.goto(`/reports/${plain}`);
  const covered = page.getByRole('region', { name: 'Fleet', exact: true }).getByRole('button', { name: 'Covered' });
  await hover(page, covered);
  await tipShows(page, /^the part of the open time within fresh_within/);
  await page.keyboard.press('Escape');
  await hidden(page);
  await covered.focus();
  await page.keyboard.press('Tab');
  await tipShows(page, /^open time with the status active/);
  await page.keyboard.press('Escape');
  await hidden(page);
  await page.keyboard.press('Enter');
  await tipShows(page, /^open time with the status active/);
  const description = await covered.getAttribute('aria-describedby');
  assert.match(await page.locator(`#${description}`).textContent(), /^the part of the open time/);
});

person('a tap explains a word, in cards and below tables', { at, width: 390, touch: true }, async (page) => {
  await page.goto('/');
  await page.getByRole('button', { name: 'bounds' }).first().tap();
  await tipShows(page, /^what the observations alone allow/);
  await page.getByRole('heading', { name: 'Overview' }).tap();
  await hidden(page);
  await panel(page).getByText('Definitions').getByRole('button', { name: 'likely missed' }).tap();
  await tipShows(page, /the bounds leave it open/);
});
