// When in the week the fleet is down: a cell for each weekday and hour of the stores' own clocks.
import { h, hideTip, put, s, showTip } from './dom.js';
import * as f from './format.js';

const short = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const left = 46,
  top = 4,
  cell = 22,
  tall = 20,
  bottom = 18;

const kinds = {
  down: { text: 'Down', of: (c) => c.downtime_seconds / c.open_seconds, colour: '--oh-down' },
  unknown: { text: 'Unknown', of: (c) => c.unknown_seconds / c.open_seconds, colour: '--oh-unknown-solid' },
  open: { text: 'Open', of: (c, most) => c.open_seconds / most, colour: '--oh-up' },
};

export function weekPicture(box, report, link) {
  const cells = report.week_hours ?? [];
  if (cells.length !== 168) {
    put(
      box,
      h('h2', {}, 'When in the week'),
      h(
        'p',
        { class: 'text-body-secondary small' },
        'This report was made by a version that did not count hours of the week. A new report has them.',
      ),
    );
    return;
  }
  const draw = (kind) => {
    put(
      box,
      h(
        'div',
        { class: 'panel-head' },
        h('h2', {}, 'When in the week', h('span', { class: 'sub' }, ' by the stores’ clocks')),
        h(
          'div',
          { class: 'btn-group btn-group-sm', role: 'group', 'aria-label': 'What is shown' },
          Object.entries(kinds).map(([name, k]) =>
            h(
              'button',
              {
                type: 'button',
                class: `btn btn-outline-secondary${name === kind ? ' active' : ''}`,
                'aria-pressed': String(name === kind),
                onclick: () => {
                  draw(name);
                  box.querySelector('.active').focus();
                },
              },
              k.text,
            ),
          ),
        ),
      ),
      ...picture(cells, kind, link, span(report.parameters.windows)),
    );
  };
  draw('down');
}

// span is the time that is counted: the longest window, or its last 7 days.
const span = (windows) =>
  f
    .length(Math.min(7 * 86400, Math.max(...windows.map((w) => f.lengthSeconds(w.length)))))
    .replace(/^168 h$/, '7 days');

function describe(c, kind, mostOpen, counted) {
  const when = `${f.weekdays[c.weekday]} ${String(c.hour).padStart(2, '0')}:00 to ${String(c.hour + 1).padStart(2, '0')}:00`;
  if (!c.open_seconds)
    return `${when}\n${counted === '7 days' ? 'no store is open' : `no open time in the last ${counted}, which is all that this report looks at`}`;
  return `${when}\ndown ${f.percent(c.downtime_seconds / c.open_seconds)}: ${f.hours(c.downtime_seconds)} of ${f.hours(c.open_seconds)} open\nunknown ${f.percent(c.unknown_seconds / c.open_seconds)}: ${f.hours(c.unknown_seconds)}${kind === 'open' ? `\n${f.percent(c.open_seconds / mostOpen, 0)} of the fullest hour` : ''}`;
}

function picture(cells, kind, link, counted) {
  const { of, colour } = kinds[kind];
  const mostOpen = Math.max(...cells.map((c) => c.open_seconds));
  const shares = cells.map((c) => (c.open_seconds ? of(c, mostOpen) : null));
  // a few odd hours in which hardly a store is open must not pale the rest: the scale ends where 98 % of open time lies below
  const most = Math.max(
    1e-9,
    weightedTop(
      shares,
      cells.map((c) => c.open_seconds),
    ),
  );
  const marks = cells.map((c, i) =>
    s('rect', {
      x: left + c.hour * cell + 1,
      y: top + c.weekday * tall + 1,
      width: cell - 2,
      height: tall - 2,
      rx: 3,
      role: 'gridcell',
      tabindex: i === 0 ? 0 : -1,
      'data-index': i,
      class: shares[i] === null ? 'cell none' : 'cell',
      'aria-label': describe(c, kind, mostOpen, counted).replaceAll('\n', ', '),
      style:
        shares[i] === null
          ? null
          : {
              fill: `color-mix(in oklab, var(${colour}) ${Math.round(6 + 94 * Math.min(1, shares[i] / most))}%, var(--oh-cell))`,
            },
    }),
  );
  const at = (i) => {
    marks.forEach((m, k) => m.setAttribute('tabindex', k === i ? 0 : -1));
    marks[i].focus();
  };
  const moves = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -24, ArrowDown: 24 };
  const tell = (event) => {
    const i = event.target.dataset?.index;
    if (i === undefined) {
      hideTip();
      return;
    }
    showTip(describe(cells[i], kind, mostOpen, counted), event.target.getBoundingClientRect());
    event.stopPropagation();
  };
  const grid = s(
    'svg',
    {
      class: 'week',
      viewBox: `0 0 ${left + 24 * cell} ${top + 7 * tall + bottom}`,
      role: 'grid',
      'aria-label': `${kinds[kind].text} by weekday and hour; arrow keys move`,
      onpointerover: tell,
      onpointerleave: hideTip,
      onfocusin: tell,
      onfocusout: hideTip,
      onkeydown: (e) => {
        const i = Number(e.target.dataset.index);
        if (!(e.key in moves) || Number.isNaN(i)) return;
        e.preventDefault();
        const to = i + moves[e.key];
        if (to >= 0 && to < 168) at(to);
      },
    },
    short.map((day, i) =>
      s(
        'g',
        { role: 'row' },
        s('text', { x: left - 6, y: top + i * tall + tall / 2 + 4, 'text-anchor': 'end', role: 'rowheader' }, day),
        marks.slice(i * 24, i * 24 + 24),
      ),
    ),
    s(
      'g',
      { 'aria-hidden': 'true' },
      [0, 3, 6, 9, 12, 15, 18, 21].map((hour) =>
        s('text', { x: left + hour * cell + cell / 2, y: top + 7 * tall + 13, 'text-anchor': 'middle' }, String(hour)),
      ),
    ),
  );
  const unit = kind === 'open' ? 'of the fullest hour' : 'of the time that stores are open';
  return [
    grid,
    h(
      'p',
      { class: 'legend' },
      h('span', { class: 'num' }, '0 %'),
      h('span', { class: 'ramp', 'aria-hidden': 'true', style: { '--to': `var(${colour})` } }),
      h('span', { class: 'num' }, most >= 1 ? '100 %' : `${f.percent(most, most < 0.1 ? 1 : 0)} or more`),
      ` ${unit}, last ${counted}. `,
      h('a', { href: link }, 'Stores behind it'),
    ),
  ];
}

function weightedTop(values, weights) {
  const order = values
    .map((v, i) => [v, weights[i]])
    .filter(([v]) => v !== null)
    .sort((a, b) => a[0] - b[0]);
  const all = order.reduce((sum, [, w]) => sum + w, 0);
  let sum = 0;
  for (const [v, w] of order) {
    sum += w;
    if (sum >= 0.98 * all) return v;
  }
  return 0;
}
