// Stores: the table, one store's picture, and hostile ids.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawn, person, place, tip, tipShows } from './person.mjs';

const { folder, browser, start, data } = await place();

// odd has characters that need escaping in a path, in HTML and in a spreadsheet.
const odd = '=a/b?c#d <img src=x onerror=alert(1)>';
// 121 stores with mill, lamp and odd
const many = Array.from({ length: 118 }, (_, i) => `s${String(i + 1).padStart(3, '0')}`);
const zone = (i) => (i % 4 ? 'UTC' : 'America/New_York');
writeFileSync(
  data('store_status.csv'),
  [
    'store_id,status,timestamp_utc',
    'mill,active,2024-11-04 10:14:00 UTC',
    'mill,inactive,2024-11-04 11:15:00 UTC', // the example in docs/definition.md
    'lamp,active,2024-01-01 10:00:00 UTC', // no observation within the horizon
    `"${odd}",inactive,2024-11-04 11:30:00 UTC`,
    ...many.flatMap((id, i) => [
      `${id},active,2024-11-04 08:00:00 UTC`,
      `${id},inactive,2024-11-04 ${9 + Math.floor(i / 60)}:${String(i % 60).padStart(2, '0')}:00 UTC`,
      `${id},active,2024-11-04 12:00:00 UTC`,
    ]),
  ].join('\n') + '\n',
);
writeFileSync(
  data('menu_hours.csv'),
  'store_id,day,start_time_local,end_time_local\nmill,0,09:00,12:00\nlamp,0,09:00,12:00\n',
);
writeFileSync(
  data('timezones.csv'),
  ['store_id,timezone_str', 'mill,UTC', 'lamp,UTC', `"${odd}",UTC`, ...many.map((id, i) => `${id},${zone(i)}`)].join(
    '\n',
  ) + '\n',
);
// brands: Quay has odd and s001 to s060, Pier s061 to s118, and mill and lamp have none
const brand = (i) => (i < 60 ? 'Quay' : 'Pier');
writeFileSync(
  data('stores.csv'),
  [
    'store_id,name,brand,city',
    'mill,Old Mill,,',
    'lamp,Lamp Post,,',
    `"${odd}",,Quay,`,
    ...many.map((id, i) => `${id},,${brand(i)},${i % 3 ? 'Ely' : 'Bath'}`),
  ].join('\n') + '\n',
);
writeFileSync(data('targets.csv'), 'store_id,target,window\n*,90,last_day\ns061,99,last_day\ns065,99,last_day\n');
const server = await start();
const id = await server.report();
const at = () => ({ browser, server });
const stores = `/reports/${id}/stores`;
const shown = (page) => page.locator('tbody th a').evaluateAll((links) => links.map((link) => link.dataset.tip));
const ids = async (query) =>
  (await server.ask(`/api/v1/reports/${id}/stores?limit=50&${query}`)).stores.map((store) => store.store_id);
const counted = (page, text) => page.locator('main strong').getByText(text, { exact: true }).waitFor();

person('the worst stores come first; the table sorts by a column, and reverses', { at }, async (page) => {
  await page.goto(stores);
  const down = page.getByRole('columnheader', { name: 'Down' });
  await page.locator('th[aria-sort="descending"]').getByText('Down').waitFor();
  assert.deepEqual(await shown(page), await ids('window=last_week&sort=downtime_seconds&order=desc'));
  assert.equal((await shown(page))[0], odd);
  await down.getByRole('link').click();
  await page.locator('th[aria-sort="ascending"]').getByText('Down').waitFor();
  assert.deepEqual(await shown(page), await ids('window=last_week&sort=downtime_seconds&order=asc'));
});

person('search and zone are in the address, which can be shared', { at }, async (page) => {
  await page.goto(stores);
  await page.getByRole('searchbox', { name: 'Search' }).fill('S00');
  await counted(page, '9 stores');
  assert.equal(new URL(page.url()).searchParams.get('search'), 'S00');
  await page.getByRole('combobox', { name: 'Zone' }).selectOption('America/New_York');
  await counted(page, '3 stores');
  assert.equal(new URL(page.url()).searchParams.get('zone'), 'America/New_York');
  await page.getByRole('button', { name: 'Last day' }).click();
  await page.locator('button[aria-pressed="true"]').getByText('Last day').waitFor();
  const want = await ids('window=last_day&search=S00&zone=America/New_York');
  assert.deepEqual(await shown(page), want);
  const other = await page.context().newPage();
  await other.goto(page.url());
  await counted(other, '3 stores');
  assert.deepEqual(await shown(other), want);
  assert.equal(await other.getByRole('searchbox', { name: 'Search' }).inputValue(), 'S00');
  await other.getByRole('link', { name: 'show all' }).click();
  await counted(other, '121 stores');
});

const heads = (page) => page.getByRole('list', { name: 'Active filters' }).getByRole('listitem').allTextContents();
const pickedIn = (page, name) => page.getByRole('combobox', { name, exact: true });

person('each filter is a chip, and Back takes the last one away', { at }, async (page) => {
  await page.goto(`${stores}?window=last_day`);
  await counted(page, '121 stores');
  await pickedIn(page, 'Attribute').selectOption('brand');
  await pickedIn(page, 'Value').selectOption('Pier (58)');
  await counted(page, '58 stores');
  await pickedIn(page, 'Zone').selectOption('America/New_York');
  await counted(page, '15 stores');
  await pickedIn(page, 'Verdict').selectOption('Likely missed');
  await counted(page, '2 stores');
  assert.deepEqual((await shown(page)).sort(), ['s061', 's065']);
  await pickedIn(page, 'Status').selectOption('Down now');
  await page.getByText('No matching stores').waitFor();
  assert.deepEqual(await heads(page), [
    'Status: Down now',
    'Verdict: Likely missed',
    'Zone: America/New_York',
    'brand: Pier',
  ]);
  await page.goBack();
  await counted(page, '2 stores');
  assert.equal(await pickedIn(page, 'Status').inputValue(), '');
  await page.getByRole('link', { name: 'Remove Verdict: Likely missed' }).click();
  await counted(page, '15 stores');
  assert.equal(await pickedIn(page, 'Verdict').inputValue(), '');
  await page.goBack();
  await page.goBack();
  await counted(page, '15 stores');
  await page.goBack();
  await counted(page, '58 stores');
  assert.deepEqual(await heads(page), ['brand: Pier']);
  assert.equal(await pickedIn(page, 'Value').inputValue(), '=Pier');
  await pickedIn(page, 'Value').selectOption('(none) (2)');
  await counted(page, '2 stores');
  assert.deepEqual((await shown(page)).sort(), ['lamp', 'mill']);
});

person('several attributes filter at a time, each with a chip', { at }, async (page) => {
  await page.goto(`${stores}?attribute=brand&value=Pier`);
  await counted(page, '58 stores');
  await pickedIn(page, 'Attribute').selectOption('city');
  await pickedIn(page, 'Value').selectOption('Bath (40)');
  await counted(page, '20 stores');
  assert.deepEqual(await heads(page), ['brand: Pier', 'city: Bath']);
  assert.match(page.url(), /attribute=brand&attribute=city&value=Pier&value=Bath$/);
  await pickedIn(page, 'Value').selectOption('(none) (3)');
  await page.getByText('No matching stores').waitFor();
  assert.deepEqual(await heads(page), ['brand: Pier', 'city: (none)']);
  await page.goBack();
  await counted(page, '20 stores');
  await page.locator('tbody th a').first().click();
  await page.getByRole('link', { name: '1 of 20' }).click();
  await counted(page, '20 stores');
  await page.getByRole('link', { name: 'Remove brand: Pier' }).click();
  await counted(page, '40 stores');
  assert.deepEqual(await heads(page), ['city: Bath']);
  assert.equal(await pickedIn(page, 'Value').inputValue(), '=Bath');
});

person('stores that are down show since when', { at }, async (page) => {
  await page.goto(`${stores}?status=down`);
  await counted(page, '2 stores');
  const mill = page.getByRole('row', { name: /Old Mill/ });
  assert.equal(await mill.locator('time').innerText(), 'Mon 4 Nov 10:44');
  await mill.getByText('1 hour', { exact: true }).waitFor(); // up to 12:00
});

person('the table leaves out columns that do not fit, but never the one it is sorted by', { at }, async (page) => {
  await page.goto(`${stores}?sort=observations&order=desc`);
  await counted(page, '121 stores');
  const headings = () => page.locator('thead th:visible').allInnerTexts();
  const seen = [];
  for (const width of [1920, 1280, 820, 390]) {
    await page.setViewportSize({ width, height: 800 });
    await page.waitForFunction(() => {
      const box = document.querySelector('.table-responsive');
      return box.scrollWidth === box.clientWidth;
    });
    const shown = await headings();
    assert.ok(shown.includes('Observations'), `at ${width}: ${shown}`);
    seen.push(shown.length);
  }
  assert.ok(seen[0] > seen[2] && seen[2] > seen[3], `columns: ${seen}`);
  await page.setViewportSize({ width: 1920, height: 800 });
  await page.getByRole('columnheader', { name: 'Longest' }).waitFor();
});

person('a search is one step back, however it was typed', { at }, async (page) => {
  await page.goto(stores);
  const search = page.getByRole('searchbox', { name: 'Search' });
  await search.pressSequentially('s00');
  await counted(page, '9 stores');
  await search.pressSequentially('1');
  await counted(page, '1 store');
  await page.goBack();
  await counted(page, '121 stores');
});

const find = (page) => page.getByRole('combobox', { name: 'Find stores' });
const option = (page, text) => page.getByRole('option').filter({ hasText: text });

person('stores are found from every page with the keyboard', { at }, async (page) => {
  await page.goto('/data');
  await drawn(page);
  await page.keyboard.press('/');
  await page.keyboard.type(' MIL');
  await option(page, 'Old Mill').waitFor();
  await page.getByRole('status').getByText('1 match').waitFor({ state: 'attached' });
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('#found').getByRole('option').count(), 0);
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'BODY');
  await page.keyboard.press('/');
  await page.keyboard.type('old mill');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Old Mill' }).waitFor();
  await page.goto(`/reports/${id}`);
  await page.getByRole('region', { name: 'Fleet', exact: true }).waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('quay');
  await option(page, 'All 61 matches').waitFor();
  assert.equal(await option(page, 'brand: Quay').count(), 8);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  const active = await find(page).getAttribute('aria-activedescendant');
  assert.equal(await page.locator(`#${active}[aria-selected="true"]`).innerText(), 'All 61 matches');
  await page.keyboard.press('Enter');
  await counted(page, '61 stores');
  assert.deepEqual(await heads(page), ['Search: quay']);
});

person('pasted ids open exactly these stores, and missing ones are named', { at }, async (page) => {
  await page.goto('/');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.evaluate(() => navigator.clipboard.writeText(' s007\r\nmill\n nobody\ns011\n'));
  await find(page).focus();
  await page.keyboard.press('Control+V');
  await option(page, 's011').waitFor();
  await page.keyboard.press('Enter');
  await counted(page, '3 stores');
  assert.deepEqual((await shown(page)).sort(), ['mill', 's007', 's011']);
  await page.getByText('No store of the report has the id nobody.').waitFor();
  await page.getByRole('button', { name: 'Copy link' }).click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), page.url());
});

person('without a clipboard, the link is shown to be copied', { at }, async (page) => {
  await page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
  await page.goto(`${stores}?search=mill`);
  await page.getByRole('button', { name: 'Copy link' }).click();
  assert.equal(await page.getByRole('textbox', { name: 'Address of this page' }).inputValue(), page.url());
});

person('j and k go through the stores of the list', { at }, async (page) => {
  await page.goto(`${stores}?attribute=brand&value=Pier&sort=store_id&order=asc`);
  await page.locator('tbody th a').nth(1).click();
  const heading = (name) => page.getByRole('heading', { name, exact: true });
  await heading('s062').waitFor();
  await page.getByRole('link', { name: '2 of 58' }).waitFor();
  await page.keyboard.press('j');
  await heading('s063').waitFor();
  await page.getByRole('link', { name: '3 of 58' }).waitFor();
  await page.reload();
  await page.getByRole('link', { name: 'Previous' }).click();
  await heading('s062').waitFor();
  await page.getByRole('link', { name: '2 of 58' }).waitFor();
  await page.keyboard.press('k');
  await heading('s061').waitFor();
  await page.getByRole('link', { name: '1 of 58' }).waitFor();
  await page.keyboard.press('k'); // it is the first
  assert.equal(await page.getByRole('link', { name: 'Previous' }).count(), 0);
  await page.getByRole('link', { name: '1 of 58' }).click();
  await counted(page, '58 stores');
  assert.deepEqual(await heads(page), ['brand: Pier']);
});

person('paging works both ways, also with the back button', { at }, async (page) => {
  await page.goto(stores);
  await page.getByText('1 to 50 of 121').waitFor();
  const first = await shown(page);
  await page.getByRole('link', { name: 'Next' }).click();
  await page.getByText('51 to 100 of 121').waitFor();
  await page.getByRole('link', { name: 'Next' }).click();
  await page.getByText('101 to 121 of 121').waitFor();
  assert.equal((await shown(page)).length, 21);
  await page.reload();
  await page.getByText('101 to 121 of 121').waitFor();
  await page.goBack();
  await page.getByText('51 to 100 of 121').waitFor();
  await page.getByRole('link', { name: 'Back', exact: true }).click();
  await page.getByText('1 to 50 of 121').waitFor();
  assert.deepEqual(await shown(page), first);
});

person('a search without matches offers to show all stores', { at }, async (page) => {
  await page.goto(`${stores}?search=nobody`);
  await page.getByText('No matching stores').waitFor();
  await page.getByRole('link', { name: 'Show all stores' }).click();
  await counted(page, '121 stores');
});

person('the filtered table can be downloaded as CSV', { at }, async (page) => {
  await page.goto(`${stores}?sort=downtime_seconds&order=desc&zone=UTC`);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download CSV' }).click(),
  ]);
  const lines = readFileSync(await download.path(), 'utf8')
    .trimEnd()
    .split('\n');
  assert.equal(lines.length - 1, (await server.ask(`/api/v1/reports/${id}/stores?zone=UTC`)).total);
  assert.ok(
    lines[1].startsWith(`'=a/b?c#d`),
    `the store with the most downtime comes first, its formula quoted: ${lines[1]}`,
  );
});

person('a hostile id is shown as text and links to its store', { at }, async (page) => {
  await page.goto(`${stores}?search=onerror`);
  await counted(page, '1 store');
  await page.locator('tbody th a').click();
  await page.getByRole('heading', { name: odd, exact: true }).waitFor();
  await page.locator('.piece').first().waitFor();
  assert.equal(await page.locator('main img').count(), 0);
  assert.equal(new URL(page.url()).pathname, `${stores}/${encodeURIComponent(odd)}`);
  await page.reload();
  await page.getByRole('heading', { name: odd, exact: true }).waitFor();
  await page.goto('/');
  const worst = page.locator('main').getByRole('link', { name: '=a/b?c#d' });
  await page.locator('.plot canvas, .empty').first().waitFor(); // the chart moves what is below it
  await worst.scrollIntoViewIfNeeded();
  await worst.hover();
  await tipShows(page, odd);
  assert.equal(await page.locator('main img, .tip img').count(), 0);
});

const mill = `${stores}/mill`;
const monday = (page) => page.getByRole('group', { name: 'Mon 4 Nov' });

person('the picture has a tick per observation and a colour per status', { at }, async (page) => {
  await page.goto(mill);
  const place = (clock) => {
    const [hour, minute] = clock.split(':');
    return (((Number(hour) + minute / 60) / 24) * 1000).toFixed(2);
  };
  assert.match(
    await monday(page).locator('.tick.active').first().getAttribute('d'),
    new RegExp(`^M${place('10:14')} [\\d.]+V44$`),
  );
  assert.match(
    await monday(page).locator('.tick.inactive').first().getAttribute('d'),
    new RegExp(`^M${place('11:15')} `),
  );
  const pieces = await monday(page)
    .locator('.piece')
    .evaluateAll((all) =>
      all.map((one) => ({
        status: one.classList[1],
        x: Number(one.getAttribute('x')).toFixed(2),
        fill: getComputedStyle(one).fill,
      })),
    );
  assert.deepEqual([...new Set(pieces.map((one) => one.status))], ['up', 'down']);
  assert.equal(pieces[0].x, place('09:00'));
  assert.equal(pieces.find((one) => one.status === 'down').x, place('10:44.5'));
  assert.equal(new Set(pieces.map((one) => one.fill)).size, 2);
  await page.goto(`${stores}/lamp`);
  await monday(page).locator('.piece').first().waitFor();
  assert.match(
    await monday(page)
      .locator('.piece.unknown')
      .evaluate((one) => getComputedStyle(one).fill),
    /url\(.*unknown/,
  );
});

person('hovering over the picture shows the rule', { at }, async (page) => {
  await page.goto(mill);
  await monday(page).waitFor();
  await page.waitForLoadState('networkidle'); // what comes later moves the picture
  await monday(page).scrollIntoViewIfNeeded();
  await page.evaluate(async () => {
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame); // a scroll that comes later hides the tip
  });
  const box = await monday(page).boundingBox();
  await page.mouse.move(box.x + (box.width * (11 + 3 / 60)) / 24, box.y + box.height / 3);
  await tipShows(
    page,
    /^Mon 4 Nov 11:0[2-4] \(11:0[2-4] UTC\)\s+down: nearest observation 11:15 inactive, 1[1-3] min( \d+ s)? away\s+down for/,
  );
  await page.mouse.move(box.x + (box.width * 20) / 24, box.y + box.height / 3);
  await tip(page).waitFor({ state: 'hidden' });
});

person('focus in the picture shows the rule', { at }, async (page) => {
  await page.goto(mill);
  await monday(page).locator('.piece').first().waitFor();
  const stop = page.locator('.piece[tabindex="0"]');
  assert.equal(await stop.count(), 1, 'the picture is one Tab stop');
  for (let i = 0; i < 60 && !(await stop.evaluate((one) => one === document.activeElement)); i++)
    await page.keyboard.press('Tab');
  await page.keyboard.press('End');
  await tipShows(page, 'down: ');
  const last = page.locator('.piece:focus');
  assert.match(
    await last.getAttribute('aria-label'),
    /^Mon 4 Nov 11:15 to 12:00, down: the session’s last observation 11:15 inactive/,
  );
  await page.keyboard.press('ArrowLeft');
  await tipShows(page, 'down: nearest observation 11:15 inactive');
  await page.keyboard.press('ArrowUp');
  assert.equal(await page.locator('.piece:focus').count(), 1);
  await page.keyboard.press('Escape');
  await tip(page).waitFor({ state: 'hidden' });
});

person('the table has the same spans, and the outage and measures match the report', { at }, async (page) => {
  await page.goto(mill);
  await page.getByText('Show as a table').click();
  await page.getByRole('region', { name: 'Periods of open time' }).getByText('nearest').first().waitFor();
  await page.getByRole('region', { name: 'Outages' }).getByText('Mon 4 Nov 10:44').waitFor();
  const { windows } = await server.ask(`/api/v1/reports/${id}/stores/mill`);
  assert.equal(windows.find((one) => one.time_window === 'last_day').downtime_seconds, 75.5 * 60);
  await page
    .getByRole('region', { name: 'Measures' })
    .getByRole('row', { name: /^Last day/ })
    .getByText('90 %')
    .waitFor();
  assert.match(
    await page
      .getByRole('region', { name: 'Measures' })
      .getByRole('row', { name: /^Last day/ })
      .innerText(),
    /1 h 16 min/,
  );
});

person('of a store that is down, the page says what the data knows of the cause', { at }, async (page) => {
  await page.goto(mill);
  const cause = page.locator('.cause');
  await cause
    .getByText('Down since Mon 4 Nov 10:44, for 1 h 16 min of open time, none of it proven by the polls alone.')
    .waitFor();
  await cause.getByText('No cause is recorded in the data').waitFor();
  await cause
    .getByText('Last active poll Mon 4 Nov 10:14:00; first inactive poll after it Mon 4 Nov 11:15:00.')
    .waitFor();
  const record = page.getByRole('region', { name: 'Outages' }).getByRole('cell').last();
  assert.equal(await record.innerText(), 'no cause\npolls: active 10:14, inactive 11:15, no active one since');
  await page.goto(`${stores}/${many[0]}`);
  await page.locator('.piece').first().waitFor();
  assert.equal(await cause.count(), 0, 'it is up');
});

person('a repeated hour is marked on the day the clock goes back', { at }, async (page) => {
  await page.goto(`${stores}/${many[0]}`);
  await page.getByText('the clock goes back from 02:00 to 01:00').waitFor();
  assert.equal(await page.getByRole('group', { name: 'Sun 3 Nov' }).locator('.jump').count(), 1);
});

person('changed input files are pointed out', { at }, async (page) => {
  const before = readFileSync(data('timezones.csv'));
  writeFileSync(data('timezones.csv'), `${before}new,UTC\n`);
  await page.goto(mill);
  await page.getByText('The input files have changed since this report was made.').waitFor();
  writeFileSync(data('timezones.csv'), before);
  assert.ok(readFileSync(join(folder, 'reports', id, 'report.csv')).length > 0);
});

person(
  'an unknown store shows an error',
  { at, refused: [`404 /api/v1/reports/${id}/stores/nobody`] },
  async (page) => {
    await page.goto(`${stores}/nobody`);
    await page.getByRole('alert').getByText('no such store').waitFor();
    await drawn(page);
  },
);
