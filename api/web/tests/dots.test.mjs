// Stores whose ids a path cannot hold: browsers take . and .. out of it, also as %2E.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { person, place } from './person.mjs';

const { browser, start, data } = await place();
writeFileSync(
  data('store_status.csv'),
  'store_id,status,timestamp_utc\n' + ['.', '..', '...'].map((id) => `${id},active,2024-11-04 10:14:00 UTC\n`).join(''),
);
const server = await start();
const id = await server.report({ windows: [{ name: 'last_month', length: '30d' }] });

person(
  'stores . and .. open from the table, by their address, and page by week',
  { at: () => ({ browser, server }) },
  async (page) => {
    for (const name of ['.', '..', '...']) {
      await page.goto(`/reports/${id}/stores`);
      await page.locator('tbody th a').getByText(name, { exact: true }).click();
      for (const visit of ['by the link', 'by the address', 'another week']) {
        if (visit === 'by the address') await page.reload();
        if (visit === 'another week') await page.locator('main a[href*="week=1"]').first().click();
        await page.locator('h1').getByText(name, { exact: true }).waitFor();
        await page
          .getByText('last month')
          .first()
          .waitFor({ timeout: 10_000 })
          .catch(() => assert.fail(`${name} ${visit}: no measures`));
      }
    }
  },
);
