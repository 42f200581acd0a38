// A store's wall clock, from the UTC offsets that the server used. Instants are milliseconds.
import * as f from './format.js';

export class Clock {
  constructor(periods) {
    this.periods = periods.map((p, i) => ({
      starts: i ? f.instant(p.starts_at) : -Infinity,
      offset: p.offset_seconds * 1000,
    }));
  }

  // changes lists the instants at which the clock changes, with the offset before and after.
  get changes() {
    return this.periods.slice(1).map((p, i) => ({ at: p.starts, before: this.periods[i].offset, after: p.offset }));
  }

  offset(ms) {
    return this.periods.findLast((p) => p.starts <= ms).offset;
  }

  // wall returns the clock's reading as if it were UTC milliseconds.
  wall(ms) {
    return ms + this.offset(ms);
  }

  time(ms, seconds = false) {
    const wall = this.wall(ms);
    return `${f.wallDate(wall)} ${f.wallClock(wall, seconds)}`;
  }

  zone(ms) {
    return f.offset(this.offset(ms));
  }
}
