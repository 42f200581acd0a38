// Every page in both themes and at every width: accessible, and with room for the numbers of 14,226 stores.
import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import { generate } from '../browser.mjs';
import { faint } from './contrast.mjs';
import { large, overflows, widths } from './layout.mjs';
import { drawn, person, place } from './person.mjs';

const { folder, browser, start, data } = await place();
const odd = '=a/b?c#d <img src=x onerror=alert(1)>',
  long = 'x'.repeat(200);
generate(join(folder, 'data'), '--stores', '300', '--days', '15', '--ids', 'uuid', '--calendar');
appendFileSync(
  data('store_status.csv'),
  [
    `"${odd}",inactive,2024-10-14 21:00:00 UTC`,
    `${long},inactive,2024-10-14 20:00:00 UTC`,
    `${long},sad,2024-10-14 20:00:00 UTC`,
    '',
  ].join('\n'),
);
const server = await start();
const at = () => ({ browser, server });
const before = await server.report({ as_of: '2024-10-13 22:00 UTC' });
const id = await server.report();
const cancelled = await server.submit({
  fresh: true,
  windows: [{ name: 'a_window_with_a_rather_long_name_of_all', length: '7d' }],
  max_gap: '2h',
});
await server.ask(`/api/v1/reports/${cancelled}`, { method: 'DELETE' }).catch(() => {}); // it may be complete already
const {
  stores: [store],
} = await server.ask(`/api/v1/reports/${id}/stores?sort=outages&order=desc`);
const {
  stores: [closed],
} = await server.ask(`/api/v1/reports/${id}/stores?sort=planned_seconds&order=desc`);
const path = (name) => `/reports/${id}/stores/${encodeURIComponent(name)}`;
const pages = [
  '/',
  '/reports',
  `/reports/${id}`,
  `/reports/${cancelled}`,
  `/reports/${id}/stores?status=outage&search=a`,
  path(store.store_id),
  `${path(closed.store_id)}?sort=planned_seconds&order=desc&at=0`,
  path(odd),
  path(long),
  `/reports/${before}/compare/${id}`,
  '/data',
  '/docs',
];

for (const theme of ['dark', 'light']) {
  // what is narrow and dark is dark in the wide pages and narrow in the light ones; `just soak` looks at it too
  const widthsOfTheme = theme === 'dark' && !process.env.OPENHOURS_TEST_ALL ? [1280] : [1280, 390];
  for (const width of widthsOfTheme) {
    person(
      `every page is accessible and fits the window in the ${theme} theme at ${width} pixels`,
      { at, width, theme, refused: [`404 /api/v1/reports/${cancelled}`] },
      async (page) => {
        await large(page, 14_226 / 300);
        for (const where of pages) {
          await page.goto(where);
          await drawn(page);
          assert.equal(await page.locator('html').getAttribute('data-bs-theme'), theme);
          if (where.includes('search=')) {
            await page.getByRole('combobox', { name: 'Find stores' }).fill('a');
            await page.getByRole('option').first().waitFor();
          }
          await page.locator('details').evaluateAll((all) =>
            all.forEach((one) => {
              one.open = true;
            }),
          );
          for (const wide of theme === 'dark' && width === 1280 ? widths : [width]) {
            await page.setViewportSize({ width: wide, height: 800 });
            assert.deepEqual(await overflows(page), [], `${where} at ${wide} pixels`);
          }
          await page.setViewportSize({ width, height: 800 });
          const unexplained = await page
            .locator('.term:not([aria-describedby]), .term:not([data-tip])')
            .allTextContents();
          assert.deepEqual(unexplained, [], `${where}: words without an explanation`);
          await page.evaluate(axe.source);
          const { violations, passes } = await page.evaluate(() => globalThis.axe.run({ resultTypes: ['violations'] }));
          assert.ok(passes.length > 10, 'axe ran');
          const bad = violations.filter((v) => ['serious', 'critical'].includes(v.impact));
          assert.deepEqual(
            bad.map(
              (v) =>
                `${where}: ${v.id}: ${v.help}: ${v.nodes
                  .slice(0, 3)
                  .map((n) => `${n.html.slice(0, 160)} ${n.any.map((a) => a.message).join('; ')}`)
                  .join(' | ')}`,
            ),
            [],
          );
          if (width === 1280) assert.deepEqual(await faint(page), [], `${where}: contrast`);
        }
      },
    );
  }
}

person('the system decides the theme until the switch is used', { at, system: 'light' }, async (page) => {
  // the theme at the first paint, and at each change after it
  await page.addInitScript(() => {
    globalThis.themes = [];
    new MutationObserver(() => {
      const { bsTheme } = document.documentElement.dataset;
      if (document.body && globalThis.themes.at(-1) !== bsTheme) globalThis.themes.push(bsTheme);
    }).observe(document, { subtree: true, childList: true, attributeFilter: ['data-bs-theme'] });
  });
  const themes = () => page.evaluate(() => globalThis.themes);
  const ground = () => page.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor);
  await page.goto('/');
  await drawn(page);
  assert.deepEqual(await themes(), ['light']);
  const light = await ground();
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.getByRole('button', { name: 'Light theme' }).waitFor();
  const dark = await ground();
  assert.notEqual(light, dark);
  await page.getByRole('button', { name: 'Light theme' }).click();
  assert.equal(await ground(), light);
  await page.reload();
  await drawn(page);
  assert.deepEqual(await themes(), ['light'], 'the choice counts, from the first paint');
  const other = await page.context().newPage();
  await other.goto('/data');
  await other.getByRole('button', { name: 'Dark theme' }).click();
  await page.getByRole('button', { name: 'Light theme' }).waitFor();
  assert.equal(await ground(), dark, 'other windows follow');
});

person('the first view, chart included, transfers less than 300 kB', { at }, async (page) => {
  const session = await page.context().newCDPSession(page);
  let bytes = 0,
    files = 0;
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
    files++;
  });
  await session.send('Network.enable');
  await page.goto('/');
  await page.locator('.plot canvas').waitFor();
  await page.waitForLoadState('networkidle');
  assert.ok(files > 15 && bytes > 30_000, `counted ${files} files of ${bytes} bytes`);
  assert.ok(bytes < 300_000, `${bytes} bytes in ${files} files`);
});

person('the overview is one sheet of A4, and paper has no buttons', { at, theme: 'dark' }, async (page) => {
  await large(page, 14_226 / 300);
  const theme = () => page.locator('html').getAttribute('data-bs-theme');
  for (const where of pages) {
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(where);
    await drawn(page);
    if (where === '/') {
      await page.locator('.plot canvas').waitFor();
      await page.evaluate(() =>
        addEventListener('beforeprint', () => {
          globalThis.printed = document.documentElement.dataset.bsTheme;
        }),
      );
      const sheets = (await page.pdf({ format: 'A4' })).toString('latin1').match(/\/Type\s*\/Page\b/g);
      assert.equal(sheets.length, 1, 'sheets of the overview');
      assert.equal(await page.evaluate(() => globalThis.printed), 'light');
      assert.equal(await theme(), 'dark');
    }
    await page.emulateMedia({ media: 'print' });
    await page.setViewportSize({ width: 718, height: 1040 }); // A4 within its margins
    assert.deepEqual(await overflows(page), [], `${where} on paper`);
    assert.equal(await page.locator('button:not(.term), nav, form, .btn').filter({ visible: true }).count(), 0, where);
    await page.emulateMedia({ media: 'screen' });
  }
});

person('on a phone the bar is one row with a menu, and no id breaks', { at, width: 390, touch: true }, async (page) => {
  await page.goto(`/reports/${id}/stores`);
  await drawn(page);
  const heights = await page.locator('#topbar > *').evaluateAll((all) => all.map((one) => one.getBoundingClientRect()));
  const middles = heights.filter(({ height }) => height).map(({ top, height }) => Math.round((top + height / 2) / 8));
  assert.ok(middles.length === 4 && new Set(middles).size === 1, `rows of the bar: ${middles}`);
  const lines = await page.locator('tbody .id').evaluateAll((all) => all.map((one) => one.getClientRects().length));
  assert.ok(lines.length === 50 && lines.every((n) => n === 1), `lines of ids: ${lines}`);

  const menu = page.getByRole('button', { name: 'Menu' });
  const zone = page.getByLabel('Times in');
  assert.equal(await zone.isVisible(), false);
  await menu.tap();
  await page.getByRole('link', { name: 'API' }).waitFor();
  assert.deepEqual(await overflows(page), []);
  await zone.selectOption('Europe/Paris');
  await page.getByText('UTC+02:00').first().waitFor();
  await page.getByRole('heading', { name: 'Stores' }).tap();
  await zone.waitFor({ state: 'hidden' });
  await menu.focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'API');
  await page.keyboard.press('Escape');
  await zone.waitFor({ state: 'hidden' });
  assert.equal(await menu.evaluate((button) => button === document.activeElement), true);
});

person('the keyboard reaches every link of the overview', { at }, async (page) => {
  await page.goto('/');
  await drawn(page);
  await page.keyboard.press('Tab');
  await page.locator(':focus').getByText('Skip to content').waitFor();
  await page.keyboard.press('Enter');
  const reached = new Set();
  for (let i = 0; i < 200; i++) {
    await page.keyboard.press('Tab');
    reached.add(
      await page.evaluate(() => {
        const one = document.activeElement;
        return one.getAttribute('href') ?? one.getAttribute('role') ?? one.tagName;
      }),
    );
  }
  for (const href of await page
    .locator('main a')
    .evaluateAll((all) => all.filter((one) => one.checkVisibility()).map((one) => one.getAttribute('href'))))
    assert.ok(reached.has(href), `${href} is not reached`);
  assert.ok(reached.has('gridcell'), 'Tab stops at the week');
});
