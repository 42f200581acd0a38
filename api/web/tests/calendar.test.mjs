// A chain with a calendar: stores with names, days with special hours, planned closures, and stores that are new or gone.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { hover, person, place, tipShows } from './person.mjs';

const { browser, start, data } = await place();

// Monday 4 November 2024 is the last day
const files = {
  store_status: [
    'store_id,status,timestamp_utc',
    ...['17', '18', '19', '20'].map((id) => `${id},active,2024-11-04 11:00 UTC`),
    '20,inactive,2024-11-04 11:40 UTC',
  ],
  menu_hours: [
    'store_id,day,start_time_local,end_time_local,valid_from',
    ...[0, 1, 2, 3, 4, 5, 6].map((day) => `17,${day},09:00,12:00,2024-11-01`),
    '17,0,06:00,07:00,',
  ],
  timezones: ['store_id,timezone_str', ...['17', '18', '19', '20'].map((id) => `${id},UTC`)],
  stores: [
    'store_id,name,region,opens_on,closes_on',
    '17,Corner Cafe,North,,',
    '18,,,2024-11-02,',
    '19,Pier,South,,2024-11-01',
    '20,Pier,,,',
  ],
  special_hours: [
    'store_id,date,closed,start_time_local,end_time_local,name',
    '*,2024-11-01,yes,,,All Saints',
    '17,2024-11-02,,10:00,11:00,Fair',
  ],
  closures: [
    'store_id,starts_at,ends_at,reason',
    '17,2024-11-03 10:00 UTC,2024-11-03 18:00 UTC,Repair',
    '17,2024-11-04 11:30 UTC,,Flood',
    '20,2024-11-04 11:45 UTC,2024-11-04 11:50 UTC,Power cut',
  ],
};
for (const [name, lines] of Object.entries(files)) writeFileSync(data(`${name}.csv`), lines.join('\n') + '\n');
const server = await start();
const id = await server.report({ as_of: '2024-11-04 12:00 UTC' });
const at = () => ({ browser, server });
const store = (name) => `/reports/${id}/stores/${name}`;

person('a store shows by its name, with its id beside it, and is found by an attribute', { at }, async (page) => {
  await page.goto(`/reports/${id}/stores`);
  const row = page.getByRole('row', { name: /Corner Cafe/ });
  await row.getByText('17', { exact: true }).waitFor();
  await page.getByRole('columnheader', { name: 'Planned' }).waitFor();
  await page.getByPlaceholder('part of a name, an id or an attribute').fill('sout');
  await page.locator('main strong').getByText('1 store', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'Pier' }).click();
  await page.getByRole('heading', { name: 'Pier', level: 1 }).waitFor();
  assert.match(await page.title(), /Pier 19/);
  await page.getByLabel('Attributes').getByText('South').waitFor();
});

person('the overview tells stores of one name apart by their ids', { at }, async (page) => {
  await page.goto(`/reports/${await server.report()}`);
  await page.goto('/');
  const down = page.getByRole('group', { name: 'Down now', exact: true }).getByRole('listitem');
  assert.match(await down.innerText(), /^Pier 20\nsince /);
});

person('the picture of a store says what opens and closes it', { at }, async (page) => {
  await page.goto(store('17'));
  const piece = (words) => page.getByRole('img', { name: words });
  await hover(page, piece(/Sun 3 Nov 10:00 to 12:00, planned closure: Repair, until Sun 3 Nov 18:00/));
  await tipShows(page, /planned closure: Repair[\s\S]*it would be open: weekly hours from 2024-11-01/);
  const flood = piece(/Mon 4 Nov 11:30 to 12:00, planned closure: Flood, until further notice/);
  await flood.hover();
  await flood.hover({ position: { x: 2, y: 2 } }); // the first may scroll, which hides the tip
  await tipShows(page, /Flood, until further notice/);
  await hover(page, piece(/Sat 2 Nov 10:00 to 11:00, up/));
  await tipShows(page, /special hours: Fair/);
  await page.locator('.day', { hasText: 'Fri 1 Nov' }).getByText('closed: All Saints (for every store)').waitFor();
  await page.locator('.legend').getByText('planned closure').waitFor();
  assert.equal(await page.locator('.legend').getByText('not open yet').count(), 0);
  // the keyboard reaches a closure, in the order of time
  await piece(/Sun 3 Nov 09:00 to 10:00/).focus();
  await page.keyboard.press('ArrowRight');
  await tipShows(page, /planned closure: Repair/);
  await page.getByText('Show as a table').click();
  await page.getByRole('row', { name: /Sun 3 Nov 10:00.*planned closure: Repair/ }).waitFor();
  await page.getByRole('heading', { name: 'From 2024-11-01' }).waitFor();
});

person('a closure in an outage is named as what the data knows of its cause', { at }, async (page) => {
  await page.goto(store('20'));
  const cause = page.locator('.cause');
  await cause
    .getByText('A planned closure touches this outage: Power cut (Mon 4 Nov 11:45 until Mon 4 Nov 11:50).')
    .waitFor();
  assert.equal(await cause.getByText('No cause is recorded').count(), 0);
  await page.getByRole('region', { name: 'Outages' }).getByRole('cell', { name: 'touches “Power cut”' }).waitFor();
});

person('a store is not open yet, or closed for good', { at }, async (page) => {
  await page.goto(store('18'));
  await page.getByRole('heading', { name: '18', level: 1 }).waitFor();
  await hover(page, page.getByRole('img', { name: /Fri 1 Nov 00:00 to 00:00, not open yet: opens on 2024-11-02/ }));
  await tipShows(page, /not open yet/);
  await page.goto(store('19'));
  await hover(page, page.getByRole('img', { name: /Sat 2 Nov 00:00 to 00:00, closed for good after 2024-11-01/ }));
  await tipShows(page, /closed for good/);
  await page.locator('.legend').getByText('closed for good').waitFor();
});

person('files of a calendar are uploaded, and offered for other names', { at }, async (page) => {
  await page.goto('/data');
  const csv = (name, text) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
  await page
    .locator('#files')
    .setInputFiles([
      csv('holiday_hours_2025.csv', 'store_id,date,closed,name\n*,2025-12-25,yes,Christmas\n'),
      csv('storesfront.csv', 'store_id,name\n17,Corner\n'),
    ]);
  await page.getByText('special hours, as').or(page.getByText('special hours')).first().waitFor();
  await page.getByRole('button', { name: 'Store file' }).click();
  await page.getByText('Stored: 1 row. The next report uses it.').waitFor();
  await page.getByText('the columns are those of stores').waitFor();
  await page.getByRole('button', { name: 'Check as planned closures' }).waitFor();
  await page.getByRole('button', { name: 'Check as stores' }).click();
  await page.getByText('1 row, all valid.').waitFor();
});

person('a comparison shows where only planned time changed', { at }, async (page) => {
  const longer = files.menu_hours.map((line) => line.replace('17,6,09:00,12:00', '17,6,09:00,13:00')); // within the repair
  writeFileSync(data('menu_hours.csv'), longer.join('\n') + '\n');
  const next = await server.report({ as_of: '2024-11-04 12:00 UTC' });
  await page.goto(`/reports/${id}/compare/${next}`);
  await page.getByRole('rowheader', { name: 'Corner Cafe 17 planned +1 h' }).waitFor();
  await page.getByText('1 store differs').waitFor();
});
