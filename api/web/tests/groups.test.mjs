// Groups of attributes on the page of a report, and on the overview with what matters first.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { hover, person, place, tipShows } from './person.mjs';

const { browser, start, data } = await place();

// b1 to b60 have brands of their own, and of 1,001 stores each has its own phone
const stores = Array.from(
  { length: 1001 },
  (_, i) => `s${i},${i < 60 ? `b${i + 1}` : ''},${i % 2 ? 'North' : '=South'},${i}`,
);
writeFileSync(data('stores.csv'), ['store_id,brand,region,phone', ...stores].join('\n') + '\n');
// s2 is down throughout, s5 up again at 10:00, s7 newly down at 11:29:30, and s10 down in between, from 11:17:30 to 11:45;
// nothing is known of most
const polls = [
  [
    's0,active,2024-11-04 11:00',
    's2,inactive,2024-11-04 11:30',
    's5,inactive,2024-11-04 09:00',
    's7,active,2024-11-04 11:00',
    's10,active,2024-11-04 11:00',
  ],
  [
    's1,active,2024-11-04 12:00',
    's5,active,2024-11-04 11:00',
    's7,inactive,2024-11-04 11:59',
    's10,inactive,2024-11-04 11:35',
    's10,active,2024-11-04 11:55',
  ],
];
const poll = (lines) =>
  writeFileSync(
    data('store_status.csv'),
    ['store_id,status,timestamp_utc', ...lines.map((line) => `${line} UTC`)].join('\n') + '\n',
  );
const server = await start();
poll(polls[0]);
const before = await server.report();
poll(polls.flat());
const id = await server.report();
const single = await server.report({ stores: ['s0'] });
const later = await server.report({ join_gap: '2m' }); // without hours no numbers differ
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

// saved returns the lines of a file that a link downloads.
async function saved(page, link) {
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
  const text = readFileSync(await download.path(), 'utf8');
  return text.trimEnd().split('\n');
}

person('groups, their days and the zones can be downloaded as CSV', { at }, async (page) => {
  await page.goto(`/reports/${id}?attribute=region&window=last_hour&sort=value&order=desc`);
  const lines = await saved(page, panel(page).getByRole('link', { name: 'Download CSV' }));
  assert.equal(lines.length, 3);
  assert.match(lines[1], /^region,North,last_hour,500,/);
  assert.match(lines[2], /^region,'=South,last_hour,501,/);
  const days = await saved(page, panel(page).getByRole('link', { name: 'By date' }));
  assert.equal(days.length, 1 + 2 * 8);
  assert.match(days[1], /^region,'=South,2024-10-28,/);
  const zones = await saved(page, page.getByRole('link', { name: 'CSV', exact: true }));
  assert.match(zones[1], /^America\/Chicago,last_hour,1001,/);
  const outages = await saved(page, page.getByRole('link', { name: 'outages.csv for Excel' }));
  assert.match(outages[2], /^s2,,America\/Chicago,2024-10-28 12:00:00,2024-11-04 12:00:00,/);
});

person('the value of a group leads to its stores, worst first', { at }, async (page) => {
  await page.goto(`/reports/${id}?attribute=region&window=last_hour`);
  await panel(page).getByRole('link', { name: '=South' }).click();
  await page.locator('main strong').getByText('501 stores', { exact: true }).waitFor();
  assert.equal(await page.locator('tbody th a').first().innerText(), 's2');
  assert.equal(asked(page, 'value'), '=South');
});

person('a comparison shows a group, only what is worse, and the window of the overview', { at }, async (page) => {
  await page.goto('/?window=last_hour');
  await page.getByRole('combobox', { name: 'Stores', exact: true }).selectOption('region');
  const went = page.getByRole('group', { name: 'Went down', exact: true });
  await page.getByRole('combobox', { name: 'region', exact: true }).selectOption('North');
  await went.getByRole('link', { name: 's7' }).waitFor(); // before, the list is that of another region
  await went.getByRole('link', { name: /^report of/ }).click();
  const changed = page.locator('section').filter({ has: page.getByRole('heading', { name: 'Stores region = North' }) });

  await changed.getByText('3 stores differ').waitFor(); // s5 is up again, s7 newly down, s1 known
  await page.getByRole('heading', { name: 'Fleet region = North' }).waitFor();
  const hour = page.getByRole('region', { name: 'Fleet in both reports' }).getByRole('row', { name: /^Last hour/ });
  assert.doesNotMatch(await hour.innerText(), /unknown/); // the coverage of both
  assert.deepEqual(await changed.locator('tbody th').allTextContents(), ['s5', 's7', 's1']);
  await changed.getByRole('switch', { name: 'Only worse' }).check();
  await changed.getByText('1 store has more downtime in B').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), 'only-worse');
  assert.deepEqual(await changed.locator('tbody th').allTextContents(), ['s7']);
  assert.deepEqual(
    ['window', 'attribute', 'value', 'only'].map((name) => asked(page, name)),
    ['last_hour', 'region', 'North', 'more_downtime'],
  );
  const lines = await saved(page, changed.getByRole('link', { name: 'CSV', exact: true }));
  assert.deepEqual(
    lines.slice(1).map((line) => line.split(',')[0]),
    ['s7'],
  );
  await page.goBack();
  await changed.getByText('3 stores differ').waitFor();
  await page.goto(`/reports/${before}/compare/${id}`);
  await page.locator('button[aria-pressed="true"]').getByText('Last hour').waitFor();
  assert.equal(asked(page, 'window'), 'last_hour');
});

person('two reports to compare are chosen on the page, and the changes downloaded', { at }, async (page) => {
  await page.goto(`/reports/${id}/compare/${single}`);
  await page.getByText('1,000 only in A').waitFor();
  await page.getByRole('combobox', { name: 'Compare as B' }).selectOption(later);
  await page.getByText('No store differs in this window.').waitFor();
  assert.equal(new URL(page.url()).pathname, `/reports/${id}/compare/${later}`);
  await page.getByRole('combobox', { name: 'Compare as A' }).selectOption(single);
  await page.getByText('1,000 only in B').waitFor();
  const lines = await saved(page, page.getByRole('link', { name: 'CSV', exact: true }));
  assert.equal(lines.length, 1001);
  assert.match(lines[1], /^s2,,last_week,only in b,,America\/Chicago,/);
  await page.getByRole('button', { name: 'Copy link' }).waitFor();
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

const list = (page, name) => page.getByRole('group', { name, exact: true });
const total = (page, name) => list(page, name).locator('.big').textContent();
const attribute = (page) => page.getByRole('combobox', { name: 'Stores', exact: true });

person('the overview lists what matters first, and leads to the stores behind it', { at }, async (page) => {
  await page.goto('/');
  await list(page, 'Down now').getByRole('link', { name: 's7' }).waitFor();
  const totals = {};
  for (const name of ['Down now', 'Went down', 'Up again', 'Down throughout the last week', 'Nothing known']) {
    totals[name] = Number((await total(page, name)).replace(',', ''));
  }
  assert.deepEqual(totals, {
    'Down now': 1,
    'Went down': 2,
    'Up again': 1,
    'Down throughout the last week': 1,
    'Nothing known': 995,
  });
  await list(page, 'Went down')
    .getByRole('link', { name: /^report of Mon 4 Nov 2024, 11:30/ })
    .waitFor();
  assert.deepEqual(await list(page, 'Went down').getByRole('listitem').allInnerTexts(), [
    's7\nsince Mon 4 Nov 2024, 11:29 UTC, still down 31 min',
    's10\nMon 4 Nov 2024, 11:17 to 11:45 UTC 28 min',
  ]);
  await page.getByLabel('Times in').selectOption('Europe/Paris');
  await list(page, 'Went down').getByText('Mon 4 Nov 2024, 12:17 to 12:45 UTC+01:00').waitFor();
  await page.getByLabel('Times in').selectOption('UTC');
  const fresh = await saved(page, list(page, 'Went down').getByRole('link', { name: 'CSV' }));
  assert.deepEqual(
    fresh.slice(1).map((line) => line.split(',')[0]),
    ['s10', 's7'],
  );
  await list(page, 'Up again').getByText('down until Mon 4 Nov 2024, 10:00 UTC, as polls show by now').waitFor();
  await page.getByText('No store: closed by plan now.').waitFor();
  const worst = page.locator('section', { has: page.getByRole('heading', { name: 'Worst stores' }) });
  assert.deepEqual(await worst.locator('tbody th a').allTextContents(), ['s5', 's7', 's10'], 's2 stands apart');
  await worst.getByText('Without 1 store down throughout.').waitFor();
  await list(page, 'Nothing known').getByRole('button', { name: 'Show all 995' }).click();
  await list(page, 'Nothing known').getByRole('listitem').nth(994).waitFor();
  await list(page, 'Down throughout the last week').getByRole('link', { name: 'In the list of stores' }).click();
  await page.locator('main strong').getByText('1 store', { exact: true }).waitFor();
  assert.deepEqual([asked(page, 'status'), asked(page, 'window')], ['down_whole', 'last_week']);
});

person('the group and the window of the overview are in the address, and remembered', { at }, async (page) => {
  await page.goto('/');
  await attribute(page).selectOption('region');
  await page.getByRole('combobox', { name: 'region' }).selectOption('North');
  await page.getByText('uptime of 500 stores').first().waitFor();
  assert.equal(await total(page, 'Down now'), '1');
  assert.equal(await list(page, 'Down throughout the last week').count(), 0);
  await page.getByRole('button', { name: 'Last hour' }).click();
  await page.getByText('down throughout the last hour').waitFor();
  assert.deepEqual(
    ['attribute', 'value', 'window'].map((name) => asked(page, name)),
    ['region', 'North', 'last_hour'],
  );
  const first = page.getByRole('region', { name: 'Fleet uptime' }).locator('.big').first();
  assert.match(await first.getAttribute('href'), /attribute=region&value=North/);
  await page.goto('/reports');
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Overview' }).click();
  await page.getByText('uptime of 500 stores').first().waitFor();
  assert.equal(asked(page, 'value'), 'North');
  assert.equal(asked(page, 'window'), 'last_hour');
  await page.getByRole('heading', { name: 'When in the week all stores, in local store time' }).waitFor();
  await page.getByText('Only region = North, as you chose on your last visit.').waitFor();
  await page.getByRole('button', { name: 'Show all stores' }).click();
  await page.getByText('uptime of 1,001 stores').first().waitFor();
  assert.equal(asked(page, 'attribute'), null);
  await page.getByRole('heading', { name: 'When in the week in local store time' }).waitFor();
  await page.goto('/?attribute=region&value=North');
  await page.getByText('uptime of 500 stores').first().waitFor();
  assert.equal(await page.getByText('on your last visit').count(), 0, 'the address asks for it');
  await page.getByRole('button', { name: 'All stores', exact: true }).click();
  await page.getByText('uptime of 1,001 stores').first().waitFor();
  await page.goto('/?attribute=region&value=West');
  await page.getByText('No store of this report has region = West. Shown are all stores.').waitFor();
  await page.getByText('uptime of 1,001 stores').first().waitFor();
  await page.goto('/?attribute=brand&value=');
  await page.getByText('uptime of 941 stores').first().waitFor();
});

person('the trend has the days of one report, and earlier reports on request', { at }, async (page) => {
  await page.goto('/');
  await page.locator('.plot canvas').waitFor();
  const trend = page.locator('section', { has: page.getByRole('heading', { name: /^Trend/ }) });
  await trend.getByText('Show the numbers').click();
  const dates = await trend.locator('details tbody th').allTextContents();
  assert.deepEqual([dates.length, dates[0], dates[1]], [8, 'Mon 4 Nov 2024, until 06:00', 'Sun 3 Nov 2024']);
  await trend.getByText('Marked points are parts of a day: Mon 28 Oct from 07:00; Mon 4 Nov until 06:00.').waitFor();
  const over = trend.locator('.u-over');
  await over.scrollIntoViewIfNeeded();
  const { width, height } = await over.boundingBox();
  await over.hover({ position: { x: width - 2, y: height / 2 } });
  await trend.locator('.u-legend').getByText('Mon 4 Nov, until 06:00').waitFor();
  await trend.locator('.u-legend').getByText('Day up to an earlier report').waitFor();
  await over.hover({ position: { x: (width * (6 + 11.5 / 24)) / 7, y: height / 2 } }); // a day before it ended
  await trend.locator('.u-legend').getByText('24 h up to Mon 4 Nov 2024, 11:30 UTC').waitFor();
  await trend.getByRole('button', { name: 'By report' }).click();
  await trend.getByText('Show the numbers').click();
  assert.deepEqual(
    await trend.locator('details tbody a').evaluateAll((all) => all.map((one) => one.getAttribute('href'))),
    [id, before].map((one) => `/reports/${one}`),
  );
});

person('the heat map runs from its least to its most, and says the value of an hour', { at }, async (page) => {
  await page.goto('/');
  const week = page.locator('section', { has: page.getByRole('heading', { name: /^When in the week/ }) });
  await week.getByRole('gridcell').first().waitFor();
  const shares = (
    await week.getByRole('gridcell').evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')))
  )
    .map((label) => /down (?:< )?([\d.]+) %/.exec(label)?.[1])
    .filter(Boolean)
    .map(Number);
  assert.equal(shares.length, 167); // the clocks of the stores went back, so that an hour of Monday lies before the week
  const ends = await week.locator('.legend .num').allTextContents();
  assert.deepEqual(
    ends.map((text) => Number.parseFloat(text)),
    [Math.min(...shares), Math.max(...shares)].map((n) => Number(n.toFixed(1))),
  );
  await week.getByText('The colours run from the least of these hours to the most.').waitFor();
  const hour = week.getByRole('gridcell').nth(11);
  await hour.scrollIntoViewIfNeeded(); // scrolling hides the tip
  await hover(page, hour);
  await tipShows(page, /^Monday 11:00 to 12:00\s+down/);
});
