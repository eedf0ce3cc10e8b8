// Estimates under each other, each with its interval as a bar: SVG, so that it prints and scales.

/**
 * rows: [{ label, note, e: { v, lo, hi, n, groups }, margin }]; options: { from, to, zero: a reference value, inside: [low, high] shaded as "no effect", unit, caption, scale }.
 */
function forest(rows, options = {}) {
  const scale = options.scale || 1;
  const shown = rows.filter(each => each.e && each.e.v !== null);
  if (shown.length === 0) return empty('Not measured in these runs.');
  const ends = shown.flatMap(({ e }) => [e.v, e.lo === null || e.lo === undefined ? e.v : e.lo, e.hi === null || e.hi === undefined ? e.v : e.hi])
    .concat(options.zero === undefined ? [] : [options.zero], options.inside || [], rows.flatMap(each => each.margin === undefined || each.margin === null ? [] : [-each.margin]));
  let low = options.from === undefined ? Math.min(...ends) : options.from, high = options.to === undefined ? Math.max(...ends) : options.to;
  const room = (high - low) * 0.05 || 0.5;
  if (options.from === undefined) low -= room;
  if (options.to === undefined) high += room;
  const at = value => 100 * (Math.min(high, Math.max(low, value)) - low) / (high - low);
  const line = (x1, y1, x2, y2, color, width, dash) => svg('line', { x1: `${x1}%`, y1, x2: `${x2}%`, y2, stroke: color, 'stroke-width': width, ...(dash ? { 'stroke-dasharray': dash } : {}) });

  function bar({ e, margin }) {
    const picture = svg('svg', { role: 'img', 'aria-label': interval({ v: e.v * scale, lo: e.lo === null ? null : e.lo * scale, hi: e.hi === null ? null : e.hi * scale }), focusable: 'false' });
    if (options.inside) picture.append(svg('rect', { x: `${at(options.inside[0])}%`, y: 0, width: `${at(options.inside[1]) - at(options.inside[0])}%`, height: 26, fill: 'var(--none-back)' }));
    if (options.zero !== undefined) picture.append(line(at(options.zero), 0, at(options.zero), 26, 'var(--soft)', 1));
    if (margin !== undefined && margin !== null) picture.append(line(at(-margin), 0, at(-margin), 26, 'var(--bad)', 1.5, '3 3'));
    if (e.lo !== null && e.lo !== undefined)
      picture.append(line(at(e.lo), 13, at(e.hi), 13, 'var(--accent)', 2), line(at(e.lo), 8, at(e.lo), 18, 'var(--accent)', 2), line(at(e.hi), 8, at(e.hi), 18, 'var(--accent)', 2));
    picture.append(svg('circle', { cx: `${at(e.v)}%`, cy: 13, r: 4.5, fill: e.lo === null || e.lo === undefined ? 'var(--paper)' : 'var(--accent)', stroke: 'var(--accent)', 'stroke-width': 2 }));
    return picture;
  }

  const value = ({ e }) => interval({ v: e.v * scale, lo: e.lo === null || e.lo === undefined ? null : e.lo * scale, hi: e.hi === null || e.hi === undefined ? null : e.hi * scale });
  return h('div', { class: 'scroll' }, h('table', { class: 'forest fold' }, options.caption ? h('caption', {}, options.caption) : null,
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, options.what || 'estimate'), h('th', { scope: 'col' }, options.unit || ''), h('th', { scope: 'col', class: 'num' }, 'value [interval]'), h('th', { scope: 'col', class: 'num' }, 'n'))),
    h('tbody', {}, shown.map(each => h('tr', {}, h('th', { scope: 'row' }, each.label, each.note ? h('span', { class: 'claimtext' }, each.note) : null),
      h('td', { class: 'bar' }, bar(each)), h('td', { class: 'num', 'data-label': 'value' }, value(each)), h('td', { class: 'num', 'data-label': 'n' }, each.e.n ? count(each.e.n) : '–'))),
    h('tr', { class: 'axis', 'aria-hidden': 'true' }, h('td', {}), h('td', { class: 'bar' }, axisLabels(low * scale, high * scale, options, at, scale)), h('td', {}), h('td', {})))));
}

/** The reference value is named first; an end whose number would lie under it is left out. A bar is 80 pixels wide at least, and a number takes 30 of them. */
function axisLabels(low, high, options, at, scale) {
  const marks = svg('svg', { focusable: 'false' });
  const mark = (place, text) => marks.append(svg('text', { x: `${place}%`, y: 12, 'text-anchor': place < 20 ? 'start' : place > 80 ? 'end' : 'middle', 'font-size': 11, fill: 'var(--soft)' }, num(text)));
  const zero = options.zero === undefined ? null : at(options.zero);
  if (zero === null || zero > 55) mark(0, low);
  if (zero === null || zero < 45) mark(100, high);
  if (zero !== null) mark(zero, options.zero * scale);
  return marks;
}
