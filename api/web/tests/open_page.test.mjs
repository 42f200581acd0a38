// Pages that stay open, and mistakes that must have no consequences.
import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { drawn, person, place } from './person.mjs';

const { browser, start, data } = await place();
const polls =
  'store_id,status,timestamp_utc\nmill,active,2024-11-04 10:14:00 UTC\nquay,inactive,2024-11-04 11:15:00 UTC\n';
writeFileSync(data('store_status.csv'), polls);
writeFileSync(data('menu_hours.csv'), 'store_id,day,start_time_local,end_time_local\nmill,0,09:00,12:00\n');
const server = await start();
const at = () => ({ browser, server });
const fleet = await server.report();
const file = (name, text) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });

person('the stale notice appears while the page is open', { at }, async (page) => {
  await page.clock.install({ time: new Date('2024-11-04T11:20:00Z') });
  await page.goto('/');
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  await page.getByText('uptime of 2 stores').first().waitFor();
  assert.equal(await page.getByText('Stale:').count(), 0);
  await page.clock.fastForward('05:00:00');
  await page.getByText('Stale: these numbers are 5 hours old.').waitFor();
});

person('reports are told apart, named, pinned and compared', { at }, async (page) => {
  const other = await server.report({ interpolation: 'next' });
  await page.goto('/reports');
  const row = (id) => page.getByRole('row').filter({ has: page.locator(`a[href="/reports/${id}"]`) });
  await row(fleet)
    .getByText(/4 Nov 2024.*11:15/)
    .filter({ visible: true })
    .waitFor();
  await row(fleet).getByRole('cell', { name: '2', exact: true }).waitFor();
  await row(fleet).getByText('last week').filter({ visible: true }).waitFor();
  await row(fleet).getByText('default parameters').waitFor();
  await row(fleet).getByText('on the overview').waitFor();
  await row(other).getByText('next observation').filter({ visible: true }).waitFor();
  await row(other).getByText('by a program, took').waitFor();

  await row(other).getByRole('link').first().click();
  await page.getByText('Name, note and pin').click();
  await page.getByLabel('Name', { exact: true }).fill('After the move');
  await page.getByLabel('Note', { exact: true }).fill('Only the north.\nAsk Ada.');
  await page.getByLabel('Pin this report').check();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { name: 'After the move' }).waitFor();
  await page.locator('.note').getByText('Ask Ada.').waitFor();
  assert.equal(await page.title(), 'After the move · openhours');
  await page.goto('/reports/latest/stores');
  await page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link', { name: 'After the move' }).click();
  await page.getByRole('heading', { name: 'After the move' }).waitFor();
  assert.equal(new URL(page.url()).pathname, '/reports/latest');

  await page.goto('/reports');
  await row(other).getByText('pinned').waitFor();
  await row(other).getByText('on the overview').waitFor();
  assert.equal(await page.getByText('on the overview').count(), 1);
  await page.getByRole('checkbox', { name: 'Compare After the move' }).check();
  await page.getByText('After the move: pick another to compare it with').waitFor();
  await row(fleet).getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  await page
    .getByRole('region', { name: 'Report A' })
    .or(page.getByRole('region', { name: 'Report B' }))
    .first()
    .waitFor();
  await page.locator('main').getByRole('link', { name: 'After the move' }).waitFor();
  await page.goto(`/reports/${other}`);
  await page.getByText('Name, note and pin').click();
  await page.getByLabel('Pin this report').uncheck();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.locator('.pinned').waitFor({ state: 'detached' });
  await page.getByText('Delete this report').click();
  await page.getByText('Really delete it and its files?').click();
  await page.getByRole('heading', { name: 'Reports' }).waitFor();
});

person('experiments do not replace the overview, and a newer report redraws it', { at }, async (page) => {
  await page.goto('/');
  const link = page.getByRole('link', { name: 'Newest report with default parameters' });
  const shown = () => link.getAttribute('href');
  await page.getByText('uptime of 2 stores').first().waitFor();
  await page.evaluate(() => (globalThis.stays = true));
  await server.report({ stores: ['mill'] });
  await server.report({ as_of: '2024-11-04 11:00 UTC' });
  const polled = () => page.waitForResponse((response) => response.url().endsWith('/reports/latest'));
  await polled(); // the page has seen them, and asks which report to show
  assert.equal(await shown(), `/reports/${fleet}`);
  assert.equal(await page.getByRole('link', { name: 'other reports' }).getAttribute('href'), '/reports');
  const newer = await server.report({ fresh: true });
  await page.waitForFunction(
    (href) => document.querySelector('.heading p a')?.getAttribute('href') === href,
    `/reports/${newer}`,
  );
  assert.equal(await page.evaluate(() => globalThis.stays), true, 'without a reload');
});

person('an empty upload and a second file of a set are flagged', { at }, async (page) => {
  await page.goto('/data');
  await page.locator('#files').setInputFiles(file('store_status.csv', 'store_id,status,timestamp_utc\n'));
  await page
    .getByText(
      'The file has a header but no rows. Nothing has changed yet. ' +
        'It would replace the existing file of this name, which has 2 rows.',
    )
    .waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'BODY', 'no button has focus');
  await page.getByRole('button', { name: 'Discard' }).click();
  await page
    .locator('#files')
    .setInputFiles(file('menu_hours_2.csv', 'store_id,day,start_time_local,end_time_local\nmill,0,11:00,13:00\n'));
  await page.getByText('menu_hours.csv already exists.').waitFor();
  await page.getByRole('button', { name: 'Check as replacement of menu_hours.csv' }).click();
  await page.getByText('It would replace the existing file of this name, which has 1 row.').waitFor();
  await page.getByRole('button', { name: 'Discard' }).click();
});

person('a double click deletes nothing', { at }, async (page) => {
  await page.goto('/data');
  await drawn(page);
  await page.getByRole('button', { name: 'Delete store_status.csv' }).dblclick();
  await page.getByText('Really delete?').waitFor();
  assert.ok(existsSync(data('store_status.csv')));
});

person(
  'an unknown path shows an error, and a trailing slash is ignored',
  { at, refused: ['404 /nothing', '404 /data/'] },
  async (page) => {
    await page.goto('/nothing');
    await page.getByText('There is no page at /nothing.').waitFor();
    await page.goto('/data/');
    await page.getByRole('heading', { name: 'Files', exact: true }).waitFor();
  },
);

person('a doubtful finding stands above the numbers', { at }, async (page) => {
  const days =
    'store_id,day,start_time_local,end_time_local\nmill,1,09:00,12:00\nmill,7,09:00,12:00\nmill,7,13:00,14:00\n';
  writeFileSync(data('menu_hours.csv'), days);
  const id = await server.report();
  for (const path of ['/', `/reports/${id}`]) {
    await page.goto(path);
    const notices = page.getByRole('region', { name: 'Notices' });
    await notices.getByText('Doubtful: files whose rejected rows all fit one other convention').waitFor();
    await notices.getByText('menu_hours.csv: all rejected rows (2) have the day 7').waitFor();
  }
  const link = page.getByRole('region', { name: 'Notices' }).getByRole('link', { name: 'Files and upload' }).first();
  assert.equal(await link.getAttribute('href'), '/data');
});

person('a notice that is folded away comes back when it says something else', { at }, async (page) => {
  const notices = page.getByRole('region', { name: 'Notices' });
  const doubt = notices.getByText('Doubtful: files whose rejected rows');
  await page.goto('/');
  await notices.getByRole('button', { name: /^Fold away: Doubtful: files whose/ }).click();
  await notices.getByText('1 notice folded away').waitFor();
  assert.equal(await doubt.count(), 0);
  await page.reload();
  await notices.getByText('1 notice folded away').waitFor();
  await notices.getByRole('button', { name: 'Show' }).click();
  await doubt.waitFor();
  await notices.getByRole('button', { name: /^Fold away: Doubtful: files whose/ }).click();
  writeFileSync(
    data('menu_hours.csv'),
    'store_id,day,start_time_local,end_time_local\nmill,1,09:00,12:00\nmill,7,09:00,12:00\n',
  );
  await server.report();
  await notices.getByText('menu_hours.csv: all rejected rows (1) have the day 7').waitFor();
});

person('all collector gaps are listed, the longest first, in the zone that is shown', { at }, async (page) => {
  const polled = ['00:00', '03:00', '06:30', '09:30', '12:30', '15:30', '18:30'].map(
    (clock) => `quay,active,2024-11-03 ${clock}:00 UTC`,
  );
  writeFileSync(data('store_status.csv'), `${polls}${polled.join('\n')}\n`);
  await server.report();
  await page.goto('/');
  const notices = page.getByRole('region', { name: 'Notices' });
  await notices.getByText('7 collector gaps: periods in which no store was observed.').waitFor();
  await notices.getByText('Longest: Sun 3 Nov 2024, 18:30 UTC to Mon 4 Nov 2024, 10:14 UTC (15 h 44 min).').waitFor();
  await notices.getByText('Show all', { exact: true }).click();
  const gaps = notices.getByRole('listitem').filter({ hasText: 'Nov 2024' });
  assert.equal(await gaps.count(), 7);
  assert.equal(await gaps.nth(1).innerText(), 'Sun 3 Nov 2024, 03:00 to 06:30 UTC (3 h 30 min)');
  await page.getByLabel('Times in').selectOption('America/New_York');
  await notices.getByText('Longest: Sun 3 Nov 2024, 13:30 UTC−05:00 to Mon 4 Nov 2024, 05:14 UTC−05:00').waitFor();
  await notices.getByText('Show all', { exact: true }).click();
  const jump = 'Sat 2 Nov 2024, 23:00 UTC−04:00 to Sun 3 Nov 2024, 01:30 UTC−05:00 (3 h 30 min)';
  assert.equal(await gaps.nth(1).innerText(), jump);
});
