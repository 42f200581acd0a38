// The first day with openhours, from an empty data folder to a downloaded file. Each test continues where the one
// before it ended.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { drawn, person, place } from './person.mjs';

const { folder, browser, start, data } = await place();
const server = await start();
const at = () => ({ browser, server });

const good = [
  'store_id,status,timestamp_utc',
  'mill,active,2024-11-04 10:14:00 UTC',
  'mill,inactive,2024-11-04 11:15:00 UTC',
  'quay,active,2024-11-04 12:00:00 UTC',
  '',
].join('\n');
const bad = `${good}quay,closed,2024-11-04 12:00:00 UTC\n`;
const hours = 'store_id,day,start_time_local,end_time_local\nmill,0,09:00,12:00\n';
const zones = 'store_id,timezone_str\nmill,UTC\nquay,America/New_York\n';
const file = (name, text) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
const empty = ['409 /api/v1/data', '404 /api/v1/reports/latest'];

person('an empty folder shows the first step', { at, refused: empty }, async (page) => {
  await page.goto('/');
  await page.getByText('No data yet').waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('mill');
  await page.getByText('There is no report yet.').waitFor();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await page.getByText('There is no report yet.').waitFor({ state: 'hidden' });
  await page.getByRole('link', { name: 'Upload files' }).click();
  await page.getByRole('heading', { name: 'Data', exact: true }).waitFor();
  await page.getByText('The folder is empty.').waitFor();
});

person('the page says which files are wanted, with a template of each', { at, refused: empty }, async (page) => {
  await page.goto('/data');
  const which = page.getByRole('region', { name: 'Which files' });
  await which.getByRole('row', { name: /timestamp_utc or timestamp yes .* 2024-10-14 10:02:11 UTC/ }).waitFor();
  assert.equal(await which.locator('details').count(), 7);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    which.getByRole('link', { name: 'Template store_status.csv' }).click(),
  ]);
  assert.equal(download.suggestedFilename(), 'store_status.csv');
  await page
    .locator('#files')
    .setInputFiles(await download.path().then((path) => file('store_status.csv', readFileSync(path))));
  await page.getByText('2 rows, all valid. Nothing has changed yet.').waitFor();
});

person('an upload is checked before anything changes', { at, refused: empty }, async (page) => {
  await page.goto('/data');
  await page.locator('#files').setInputFiles(file('store_status.csv', bad));
  await page.getByText('4 rows, 1 of them rejected. Nothing has changed yet.').waitFor();
  assert.match(await page.locator('.upload table').innerText(), /store_status\.csv\s+5\s+status\b/);
  assert.deepEqual(readdirSync(join(folder, 'data')), []);
  await page.getByRole('button', { name: 'Discard' }).click();
  assert.equal(await page.locator('.upload').count(), 0);

  const dayFirst = `${good}quay,active,13/11/2024 12:00\n`;
  await page.locator('#files').setInputFiles(file('store_status.csv', dayFirst));
  await page.getByText('Doubtful: store_status.csv: all rejected rows (1) have a date with the day before').waitFor();
  await page.getByRole('button', { name: 'Store file anyway without the 1 bad row' }).waitFor();
  await page.getByRole('button', { name: 'Discard' }).click();
  await page.locator('#files').setInputFiles(file('store_status.csv', good.replaceAll('2024', '2094')));
  await page.getByText('to Thu 4 Nov 2094, 12:00 UTC, which is in the future. Dates such as').waitFor();
  await page.getByRole('button', { name: 'Discard' }).click();

  await page.locator('#files').setInputFiles(file('store_status.csv', good));
  await page.getByText('3 rows, all valid. Nothing has changed yet.').waitFor();
  await page.getByText('Its observations are from Mon 4 Nov 2024, 10:14 UTC to Mon 4 Nov 2024, 12:00 UTC.').waitFor();
  assert.deepEqual(readdirSync(join(folder, 'data')), []);
  await page.getByRole('button', { name: 'Store file' }).click();
  await page.getByText('Stored: 3 rows.').waitFor();
  await page.getByText('Its observations are from Mon 4 Nov 2024, 10:14 UTC to Mon 4 Nov 2024, 12:00 UTC.').waitFor();
  assert.equal(readFileSync(data('store_status.csv'), 'utf8'), good);
  await page.getByRole('rowheader', { name: 'store_status.csv' }).waitFor();
});

person('a file can be dropped on the page', { at }, async (page) => {
  await page.goto('/data');
  await drawn(page);
  const dropped = await page.evaluateHandle((text) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], 'menu_hours.csv'));
    return transfer;
  }, hours);
  await page.locator('.drop').dispatchEvent('drop', { dataTransfer: dropped });
  await page.getByRole('button', { name: 'Store file' }).click();
  await page.getByText('Stored: 1 row.').waitFor();
  assert.equal(readFileSync(data('menu_hours.csv'), 'utf8'), hours);
});

// zst packs a text without making it smaller: a frame with one raw block.
const zst = (text) =>
  Buffer.from(`\x28\xb5\x2f\xfd\0\x38${String.fromCharCode(text.length * 8 + 1)}\0\0${text}`, 'latin1');

person('a file with an unknown name is recognised by its columns', { at }, async (page) => {
  await page.goto('/data');
  await drawn(page);
  const packed = { name: 'q3.csv.gz', mimeType: 'application/gzip', buffer: gzipSync('Store ID,target\nmill,98\n') };
  await page.locator('#files').setInputFiles(packed);
  await page.getByText('the columns are those of targets').waitFor();
  assert.match(await page.getByRole('button', { name: 'Check as targets' }).getAttribute('class'), /btn-primary/);
  await page.getByRole('button', { name: 'Discard' }).click();

  await page.locator('#files').setInputFiles(file('brands.csv.zst', zst('store_id,name,brand\n')));
  await page.getByText('the columns are those of stores').waitFor();
  await page.getByRole('button', { name: 'Discard' }).click();

  await page.locator('#files').setInputFiles(file('what.csv', 'a,b\n1,2\n'));
  await page.getByText('What does the file contain?').waitFor();
  await page.getByRole('button', { name: 'Discard' }).click();

  await page.locator('#files').setInputFiles(file('where they are.csv', zones));
  await page.getByText('the columns are those of time zones').waitFor();
  await page.getByRole('button', { name: 'Check as time zones' }).click();
  await page.getByRole('button', { name: 'Store file' }).click();
  await page.getByText('Stored: 2 rows.').waitFor();
  assert.equal(readFileSync(data('timezones_where_they_are.csv'), 'utf8'), zones);
});

person('an invalid option is reported at its field', { at, refused: ['400 /api/v1/reports'] }, async (page) => {
  await page.goto('/reports');
  await page.getByText('No report yet').waitFor();
  await page.getByText('Options', { exact: true }).click();
  await page.getByLabel('Max gap').fill('soon');
  await page.getByRole('button', { name: 'Make a report' }).click();
  await page.locator('#max_gap-fault').getByText('“soon” is not a length').waitFor();
  await page.getByLabel('Max gap').fill('');
  await page.getByLabel('As of').fill('yesterday');
  await page.getByRole('button', { name: 'Make a report' }).click();
  await page.locator('#as_of-fault').getByText('yesterday').waitFor();
  assert.deepEqual((await server.ask('/api/v1/reports')).reports, []);
});

person('a report can be requested with options', { at }, async (page) => {
  await page.goto('/reports');
  await page.getByText('Options', { exact: true }).click();
  await page.getByText('on all stores, up to the latest observation, for: last hour, last day and last week').waitFor();
  await page.getByLabel('As of').fill('2024-11-04 12:00 UTC');
  await page.getByLabel('Interpolation').selectOption('previous');
  await page.getByLabel('Windows').fill('morning=3h\nlast_day=1d');
  await page.getByText('on all stores, up to 2024-11-04 12:00 UTC, for: morning and last day').waitFor();
  await page.getByRole('button', { name: 'Make a report' }).click();
  await page.getByRole('region', { name: 'Fleet' }).waitFor();
  await page.getByText('as of 2024-11-04 12:00 UTC · previous observation · morning 3h, last_day 1d').waitFor();
  const {
    reports: [made],
  } = await server.ask('/api/v1/reports');
  assert.equal(new URL(page.url()).pathname, `/reports/${made.report_id}`);
  assert.equal(made.parameters.interpolation, 'previous');
});

person('times are shown in a chosen zone, and a date as as_of is its end there', { at }, async (page) => {
  await page.goto('/reports');
  await page.getByText('Options', { exact: true }).click();
  await page.getByLabel('As of').fill('11/3/2024'); // in New York the clock goes back on it
  await page.getByText('Up to the end of 2024-11-03 in UTC: Mon 4 Nov 2024, 00:00 UTC.').waitFor();
  await page.getByLabel('Times in').selectOption('America/New_York');
  const end =
    'Up to the end of 2024-11-03 in America/New_York: Mon 4 Nov 2024, 00:00 UTC−05:00, which is Mon 4 Nov 2024, 05:00 UTC.';
  await page.getByText(end).waitFor();
  await page.getByLabel('Pick a day').fill('2024-11-04');
  await page.getByText('Up to the end of 2024-11-04 in America/New_York').waitFor();
  assert.equal(await page.getByLabel('As of').inputValue(), '2024-11-04');
  await page.getByRole('button', { name: 'Make a report' }).click();
  await page.getByText('as of 2024-11-05T05:00:00Z').waitFor();
  await page.getByText('Tue 5 Nov 2024, 00:00 UTC−05:00').first().waitFor();
  await page.reload(); // the zone is kept
  await page.getByText('Tue 5 Nov 2024, 00:00 UTC−05:00').first().waitFor();

  const [made] = (await server.ask('/api/v1/reports')).reports;
  await page.goto(`/reports/${made.report_id}/stores/mill`); // in its own zone
  await page.getByText('up to Tue 5 Nov 2024, 05:00 UTC').waitFor();
  assert.equal((await server.ask(`/api/v1/reports/${made.report_id}`)).as_of, '2024-11-05 05:00:00Z');
  await fetch(`${server.base}/api/v1/reports/${made.report_id}`, { method: 'DELETE' }); // the next tests expect one report
});

person('the downloaded report.csv is the stored file, byte for byte', { at }, async (page) => {
  await page.goto('/reports');
  await page.getByRole('link', { name: /^…/ }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'report.csv', exact: true }).click(),
  ]);
  const {
    reports: [made],
  } = await server.ask('/api/v1/reports');
  const want = readFileSync(join(folder, 'reports', made.report_id, 'report.csv'));
  assert.deepEqual(readFileSync(await download.path()), want);
  assert.match(want.toString(), /^mill,2\.25,/m); // previous: up from 09:00 to 11:15
  assert.equal(download.suggestedFilename().endsWith('.csv'), true);
});

person('a Parquet file with an unknown name is recognised', { at }, async (page) => {
  const [{ report_id: id }] = (await server.ask('/api/v1/reports')).reports;
  const rows = await fetch(`${server.base}/api/v1/reports/${id}/report.parquet`).then((answer) => answer.arrayBuffer());
  await page.goto('/data');
  await drawn(page);
  await page.locator('#files').setInputFiles(file('where.parquet', rows));
  await page.getByText('the columns are those of time zones').waitFor();
  await page.getByRole('button', { name: 'Check as time zones' }).click();
  await page.getByText('4 rows, all valid. Nothing has changed yet.').waitFor();
});

person(
  'the overview waits for a report with default parameters, and makes one',
  { at, refused: ['404 /api/v1/reports/latest'] },
  async (page) => {
    await page.goto('/');
    await page.getByText('No report for the overview').waitFor();
    await page.getByRole('link', { name: 'Pick one of the reports' }).waitFor();
    await page.getByRole('button', { name: 'Make a report' }).click();
    await page.getByRole('heading', { name: 'Last week', exact: true }).waitFor();
    await page.getByText('Stale:').waitFor();
  },
);

person('a number on the overview links to the stores behind it', { at }, async (page) => {
  await page.goto('/');
  await page.getByRole('region', { name: 'Fleet uptime' }).getByRole('link', { name: '1', exact: true }).last().click();
  await page.getByRole('heading', { name: 'Stores' }).waitFor();
  await page.getByRole('link', { name: 'mill' }).waitFor();
  assert.equal(await page.getByRole('link', { name: 'quay' }).count(), 0);
  await page.goBack();
  await page.getByRole('heading', { name: 'Last week', exact: true }).waitFor();
});

person('deleting a file needs confirmation, and can be undone', { at }, async (page) => {
  let hold;
  const check = new Promise((resolve) => (hold = resolve));
  await page.route('**/api/v1/data', (route) => hold(route), { times: 1 });
  await page.goto('/data');
  const button = page.getByRole('button', { name: /Delete menu_hours\.csv/ });
  await button.click();
  assert.equal(existsSync(data('menu_hours.csv')), true);
  await (await check).continue(); // its result, while the question is open, leaves the question as it is
  await page
    .getByRole('row', { name: /menu_hours\.csv/ })
    .getByRole('cell', { name: '1', exact: true })
    .waitFor();
  await page.getByRole('button', { name: 'Really delete? Delete menu_hours.csv' }).click();
  await button.waitFor({ state: 'detached' });
  assert.equal(existsSync(data('menu_hours.csv')), false);
  await page.reload(); // what can be undone is known to the server
  await page.getByText('menu_hours.csv was deleted.').waitFor();
  await page.getByRole('button', { name: 'Undo: restore menu_hours.csv' }).click();
  await button.waitFor();
  assert.equal(readFileSync(data('menu_hours.csv'), 'utf8'), hours);
  assert.equal(await page.getByText('was deleted').count(), 0);

  await button.click();
  await page.getByRole('button', { name: 'Really delete? Delete menu_hours.csv' }).click();
  await page.getByText('menu_hours.csv was deleted.').waitFor();
  await page.getByRole('button', { name: 'Make a report' }).click();
  await page.waitForURL(/\/reports\//);
  await page.goto('/data');
  await page.getByRole('rowheader', { name: 'store_status.csv' }).waitFor();
  assert.equal(await page.getByText('was deleted').count(), 0);
});
