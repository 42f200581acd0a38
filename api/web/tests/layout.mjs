// What sticks out of its card, measured inside the browser.

export const widths = [390, 820, 1100, 1280, 1920];

// large makes the answers of reports as large as those of a chain of 14,226 stores: factor times the sums over stores, and a month
// instead of a week for each of them.
export async function large(page, factor) {
  const month = 30 / 7;
  await page.route(/\/api\/v1\/reports\/[^/?]+(\/(stores|zones|groups|diff\/[^/?]+))?(\?.*)?$/, async (route) => {
    if (route.request().method() !== 'GET') return route.fallback();
    const answer = await route.fetch();
    if (!answer.ok()) return route.fulfill({ response: answer });
    const by = /\/(stores|diff\/[^/?]+)(\?|$)/.test(route.request().url()) ? month : factor;
    return route.fulfill({ response: answer, json: enlarged(await answer.json(), by) });
  });
}

function enlarged(value, by, name = '') {
  if (Array.isArray(value)) return value.map((one) => enlarged(one, by, name));
  if (value && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, enlarged(one, by, key)]));
  const isSum = /_seconds$|^stores|^outages$|^observations$|^rows/.test(name);
  return typeof value === 'number' && isSum ? Math.round(value * by) : value;
}

// overflows lists the texts that stick out of their card or cell, and the tables that would have to be scrolled
// sideways. Only long lists of raw rows, which have a height of their own, may be.
export const overflows = (page) =>
  page.evaluate(async () => {
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame); // charts follow the window
    const found = [];
    const root = document.documentElement;
    if (root.scrollWidth > root.clientWidth) found.push(`the page is ${root.scrollWidth} of ${root.clientWidth} wide`);
    for (const box of document.querySelectorAll('.table-responsive:not(.scroll)'))
      if (box.scrollWidth > box.clientWidth + 1)
        found.push(`the table ${box.innerText.slice(0, 40)} is ${box.scrollWidth} of ${box.clientWidth} wide`);
    const cards = 'td, th, .panel, .notice, .upload, .alert, .btn, .badge, header, section, svg, body';
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    while (texts.nextNode()) {
      const text = texts.currentNode;
      const parent = text.parentElement;
      if (!text.data.trim() || !parent.checkVisibility() || parent.closest('option, .visually-hidden')) continue;
      const card = parent.closest(cards);
      const { left, right } = card.getBoundingClientRect();
      range.selectNodeContents(text);
      for (const line of range.getClientRects())
        if (line.width && (line.left < left - 1 || line.right > right + 1))
          found.push(`${text.data.trim().slice(0, 40)} sticks out of ${card.tagName} ${card.getAttribute('class')}`);
    }
    return found;
  });
