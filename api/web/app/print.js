// Fits the overview and the page of a report on one sheet of A4, by the largest size of type with which it is not too high.

const paper = { width: 718, height: 1040 }; // pixels of A4 within margins of 10 mm, and a little less
const oneSheet = /^\/(reports\/[^/]+)?$/;
const sizes = [10.5, 10, 9.5, 9, 8.5, 8, 7.5, 7]; // pixels

export function fitOnPaper() {
  addEventListener('beforeprint', () => {
    const root = document.documentElement;
    root.style.removeProperty('--oh-print');
    if (oneSheet.test(location.pathname)) root.style.setProperty('--oh-print', `${fitting(root)}px`);
  });
}

// fitting measures the page as it will be printed.
function fitting(root) {
  const main = document.getElementById('main');
  const sheet = document.getElementById('print');
  sheet.media = 'all';
  main.style.width = `${paper.width}px`;
  const size = sizes.find((pixels) => {
    root.style.setProperty('--oh-print', `${pixels}px`);
    return main.offsetHeight <= paper.height;
  });
  main.style.removeProperty('width');
  sheet.media = 'print';
  return size ?? (location.pathname === '/' ? sizes.at(-1) : sizes[0]); // a report that fills two sheets can be read
}
