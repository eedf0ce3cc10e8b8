// Line and scatter charts over Chart.js, with what it lacks: intervals as bands or bars, reference lines, and a legend made of buttons that show each line's dash and mark.

const DASHES = [[], [7, 4], [2, 3], [9, 3, 2, 3], [12, 4], [4, 2, 1, 2], [1, 2], [14, 3, 3, 3]];
const MARKS = ['circle', 'rect', 'triangle', 'rectRot', 'crossRot', 'star', 'cross', 'dash'];
const CHARTS = new Set();

/** Bands and bars below the lines, reference lines above the grid. */
const INTERVALS = {
  id: 'intervals',
  beforeDatasetsDraw(chart) {
    const { ctx, scales: { x, y }, chartArea } = chart;
    ctx.save();
    ctx.beginPath();
    ctx.rect(chartArea.left, chartArea.top, chartArea.width, chartArea.height);
    ctx.clip();
    for (const line of chart.options.reference || []) {
      ctx.strokeStyle = ctx.fillStyle = THEME.color('--soft');
      ctx.setLineDash([5, 4]);
      ctx.lineWidth = 1;
      ctx.beginPath();
      if (line.diagonal) { ctx.moveTo(x.getPixelForValue(0), y.getPixelForValue(0)); ctx.lineTo(x.getPixelForValue(1), y.getPixelForValue(1)); }
      else if (line.x !== undefined) { ctx.moveTo(x.getPixelForValue(line.x), chartArea.top); ctx.lineTo(x.getPixelForValue(line.x), chartArea.bottom); }
      else { ctx.moveTo(chartArea.left, y.getPixelForValue(line.y)); ctx.lineTo(chartArea.right, y.getPixelForValue(line.y)); }
      ctx.stroke();
      ctx.setLineDash([]);
      if (line.label) {
        ctx.font = '11px system-ui, sans-serif';
        ctx.textAlign = line.x !== undefined ? 'left' : 'right';
        ctx.fillText(line.label, line.x !== undefined ? x.getPixelForValue(line.x) + 4 : chartArea.right - 4, line.x !== undefined ? chartArea.top + 11 : y.getPixelForValue(line.y) - 4);
      }
    }
    chart.data.datasets.forEach((set, i) => {
      if (!chart.isDatasetVisible(i)) return;
      const points = set.data.filter(point => point.lo !== null && point.lo !== undefined);
      ctx.strokeStyle = ctx.fillStyle = set.borderColor;
      if (set.band && points.length > 1) {
        ctx.globalAlpha = 0.16;
        ctx.beginPath();
        points.forEach((point, k) => ctx[k ? 'lineTo' : 'moveTo'](x.getPixelForValue(point.x), y.getPixelForValue(point.hi)));
        [...points].reverse().forEach(point => ctx.lineTo(x.getPixelForValue(point.x), y.getPixelForValue(point.lo)));
        ctx.fill();
        ctx.globalAlpha = 1;
      } else {
        ctx.lineWidth = 1.4;
        ctx.globalAlpha = 0.85;
        for (const point of points) {
          const at = x.getPixelForValue(point.x), from = y.getPixelForValue(point.lo), to = y.getPixelForValue(point.hi);
          ctx.beginPath();
          ctx.moveTo(at, from); ctx.lineTo(at, to);
          ctx.moveTo(at - 3, from); ctx.lineTo(at + 3, from);
          ctx.moveTo(at - 3, to); ctx.lineTo(at + 3, to);
          ctx.stroke();
        }
        ctx.globalAlpha = 1;
      }
    });
    ctx.restore();
  },
};

/**
 * A chart as a figure. spec: { title, caption, x: { label, min, max, log, ticks: value → text, step }, y: { label, min, max, percent },
 * series: [{ label, note, points: [{ x, y, lo, hi, n, what }], band, marks (default: where there are few points), style }], reference: [{ x | y | diagonal, label }], table: false }.
 * It is drawn when it comes into view, and before printing.
 */
function chart(spec) {
  const series = spec.series.filter(each => each.points.some(point => point.y !== null));
  const title = h('h4', {}, spec.title);
  if (series.length === 0) return h('figure', { class: 'chart' }, title, empty(spec.missing || 'Not measured in these runs.'));
  const canvas = h('canvas', { role: 'img', 'aria-label': `${spec.title}. ${spec.y.label} by ${spec.x.label}: ${series.map(each => each.label).join('; ')}. The figures are in the table below.` });
  const legend = h('ul', { class: 'legend' });
  const figure = h('figure', { class: 'chart' }, title, h('div', { class: 'plot' }, canvas), legend,
    spec.caption ? h('figcaption', {}, spec.caption) : null, spec.table === false ? null : numbers(spec, series));
  const entry = { drawn: null, draw() { if (!entry.drawn) { entry.drawn = draw(canvas, spec, series); keys(legend, entry.drawn, series); } }, redraw() {
    if (!entry.drawn) return;
    const hidden = entry.drawn.data.datasets.map((_, i) => !entry.drawn.isDatasetVisible(i));
    entry.drawn.destroy();
    entry.drawn = draw(canvas, spec, series, hidden);
    keys(legend, entry.drawn, series);
  } };
  CHARTS.add(entry);
  if (!chart.watch) chart.watch = new IntersectionObserver(seen => { for (const each of seen) if (each.isIntersecting) each.target.entry.draw(); }, { rootMargin: '300px' });
  canvas.entry = entry;
  chart.watch.observe(canvas);
  return figure;
}

function style(each, i) { return each.style === undefined ? i : each.style; }

function draw(canvas, spec, series, hidden = []) {
  const ink = THEME.color('--soft'), grid = THEME.color('--line');
  // The library looks at values only: the axis must also hold the ends of intervals.
  const ends = series.flatMap(each => each.points.flatMap(point => [point.lo, point.hi])).filter(end => end !== null && end !== undefined);
  const reach = ends.length ? { suggestedMin: Math.min(...ends), suggestedMax: Math.max(...ends) } : {};
  const axis = (of, isX) => ({
    type: of.log ? 'logarithmic' : 'linear', min: of.min, max: of.max, ...(isX ? {} : reach), grace: of.grace,
    title: { display: true, text: of.label, color: ink }, grid: { color: grid, drawTicks: true }, border: { color: grid },
    ticks: { color: ink, maxRotation: 0, autoSkip: true, stepSize: of.step, callback: of.ticks ? value => of.ticks(value) : value => num(value).replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '') },
    afterBuildTicks: of.at ? scale => { scale.ticks = of.at.map(value => ({ value })); } : undefined,
  });
  return new Chart(canvas, {
    type: 'scatter',
    data: { datasets: series.map((each, i) => ({
      label: each.label, data: each.points, band: each.band, hidden: hidden[i] || false, showLine: each.line !== false, borderColor: THEME.series(style(each, i)), backgroundColor: THEME.series(style(each, i)),
      borderDash: DASHES[style(each, i) % DASHES.length], borderWidth: 2, pointStyle: MARKS[style(each, i) % MARKS.length], pointRadius: each.points.length > 40 ? 0 : 4, pointHitRadius: 8, stepped: each.stepped || false,
    })) },
    options: {
      responsive: true, maintainAspectRatio: false, animation: false, reference: spec.reference, devicePixelRatio: Math.max(2, window.devicePixelRatio || 1),
      interaction: { mode: 'nearest', intersect: false },
      scales: { x: axis(spec.x, true), y: axis(spec.y, false) },
      plugins: {
        legend: { display: false },
        tooltip: { callbacks: { title: () => '', label: item => {
          const point = item.raw;
          const value = point.lo === null || point.lo === undefined ? num(point.y) : interval({ v: point.y, lo: point.lo, hi: point.hi });
          return [`${item.dataset.label}`, `${point.what || `${spec.x.label} ${num(point.x)}`}: ${value}${point.n ? `, n = ${count(point.n)}` : ''}`];
        } } },
      },
    },
    plugins: [INTERVALS],
  });
}

/** The legend: a button per line, which hides it; the swatch shows colour, dash and mark. */
function keys(legend, drawn, series) {
  legend.replaceChildren(...series.map((each, i) => {
    const swatch = h('canvas', { width: 60, height: 24, 'aria-hidden': 'true' });
    const ctx = swatch.getContext('2d');
    ctx.scale(2, 2);
    ctx.strokeStyle = ctx.fillStyle = THEME.series(style(each, i));
    ctx.lineWidth = 2;
    ctx.setLineDash(DASHES[style(each, i) % DASHES.length]);
    if (each.line !== false) { ctx.beginPath(); ctx.moveTo(0, 6); ctx.lineTo(30, 6); ctx.stroke(); }
    ctx.setLineDash([]);
    if (each.points.length <= 40) Chart.helpers.drawPoint(ctx, { pointStyle: MARKS[style(each, i) % MARKS.length], radius: 4, borderWidth: 2 }, 15, 6);
    const button = h('button', { type: 'button', 'aria-pressed': String(drawn.isDatasetVisible(i)), title: 'Show or hide this line' }, swatch, h('span', {}, each.label, each.note ? h('span', { class: 'soft' }, ` ${each.note}`) : null));
    button.addEventListener('click', () => {
      drawn.setDatasetVisibility(i, !drawn.isDatasetVisible(i));
      drawn.update();
      button.setAttribute('aria-pressed', String(drawn.isDatasetVisible(i)));
    });
    return h('li', {}, button);
  }));
}

/** The chart's figures as a table, for readers who do not see it. Filled when opened. */
function numbers(spec, series) {
  const details = h('details', { class: 'noprint small' }, h('summary', {}, 'Figures of this chart'));
  details.addEventListener('toggle', () => {
    if (!details.open || details.children.length > 1) return;
    details.append(table([spec.x.label, 'line', { text: spec.y.label, num: true }, { text: 'n', num: true }],
      series.flatMap(each => (each.points.length > 60 ? each.points.filter((_, i) => i % Math.ceil(each.points.length / 30) === 0) : each.points).filter(point => point.y !== null)
        .map(point => [point.what || num(point.x), each.label, point.lo === null || point.lo === undefined ? num(point.y) : interval({ v: point.y, lo: point.lo, hi: point.hi }), point.n ? count(point.n) : '–']))));
  });
  return details;
}

THEME.listeners.push(() => { for (const entry of CHARTS) entry.redraw(); });
