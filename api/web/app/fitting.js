// Tables with more columns than a window may have room for.

// fit hides columns of a table, those of the first keys first, until it is as wide as its box. columns are those after the
// first, which stays; so does the one that the table is sorted by.
export function fit(box, columns, { keys, sort }) {
  const hideable = keys.filter((key) => key !== sort).map((key) => columns.findIndex((c) => c.key === key) + 1);
  const lines = [...box.querySelectorAll('tr')];
  let width;
  const draw = () => {
    if (box.clientWidth === width) return;
    width = box.clientWidth;
    const hidden = new Set();
    const hide = () => {
      for (const line of lines) [...line.children].forEach((cell, i) => cell.classList.toggle('unfit', hidden.has(i)));
    };
    hide();
    for (const i of hideable) {
      if (box.scrollWidth <= width) break;
      if (i > 0) hidden.add(i);
      hide();
    }
  };
  new ResizeObserver(draw).observe(box);
  return box;
}
