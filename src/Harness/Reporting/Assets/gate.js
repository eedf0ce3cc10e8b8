// The gate: metrics with their margins, verdict changes, and the questions that flipped.

const FLIP_ROWS = 30;

function gatePage() {
  const gate = DATA.gate;
  if (!gate) return h('div', {}, h('h2', {}, 'Gate'), empty('No gate was run: this report judges models, it does not hold a candidate against a baseline. `vrp gate --baseline A --candidate B` does.'));
  const shown = gate.metrics.filter(metric => metric.difference);
  return h('div', {}, h('h2', {}, `Gate: ${gate.outcome} (exit code ${gate.exit})`),
    h('p', { class: 'facts' }, h('span', {}, 'baseline ', h('b', {}, said(gate.baseline))), h('span', {}, 'candidate ', h('b', {}, said(gate.candidate))), h('span', {}, h('b', {}, count(gate.questions)), ' questions about ', h('b', {}, count(gate.images)), ' pictures of ', said(gate.data))),
    h('ul', {}, gate.reasons.map(reason => h('li', {}, said(reason)))),
    h('h3', {}, 'Gated metrics'), h('p', { class: 'soft small' }, 'Candidate minus baseline on the same questions, paired, images as units; positive is better whatever the metric\u2019s own direction. A metric passes when its whole interval lies right of its margin (dashed).'),
    table(['metric', { text: 'baseline', num: true }, { text: 'candidate', num: true }, 'difference', { text: 'difference [interval]', num: true }, { text: 'margin', num: true }, { text: 'p (Holm)', num: true }, 'outcome'],
      gate.metrics.map(metric => [[h('code', {}, said(metric.name)), h('span', { class: 'claimtext' }, said(metric.what))], metric.baseline ? num(metric.baseline.v) : '–', metric.candidate ? num(metric.candidate.v) : '–', miniForest(metric, shown),
        metric.difference ? interval(metric.difference) : '–', num(metric.margin), metric.adjusted === null ? '–' : num(metric.adjusted), [verdict(metric.outcome), h('span', { class: 'claimtext' }, said(metric.reason))]])),
    h('h3', {}, 'Changed verdicts'), gate.changes.length ? table(['claim', 'baseline', 'candidate', 'because'], gate.changes.map(change => [h('a', { href: `#claim/${change.claim}` }, change.claim), verdict(change.before), [verdict(change.after), change.expected ? h('span', {}, ' as the ledger expects') : change.opposite ? h('span', { class: 'differs' }, 'opposite') : null], said(change.reason)]))
      : h('p', {}, 'None.'), flipList(gate));
}

/** Difference and margin on a scale of the metric's own, since units differ. */
function miniForest(metric) {
  if (!metric.difference) return '–';
  const { v, lo, hi } = metric.difference, reach = 1.15 * Math.max(Math.abs(v), Math.abs(lo === null ? v : lo), Math.abs(hi === null ? v : hi), metric.margin) || 1;
  const at = value => `${50 + 48 * value / reach}%`;
  const line = (x1, x2, y1, y2, color, dash) => svg('line', { x1: at(x1), x2: at(x2), y1, y2, stroke: color, 'stroke-width': 2, ...(dash ? { 'stroke-dasharray': '3 3' } : {}) });
  return svg('svg', { width: 170, height: 26, role: 'img', 'aria-label': `difference ${interval(metric.difference)}, margin ${num(-metric.margin)}` }, line(0, 0, 0, 26, 'var(--line)'), line(-metric.margin, -metric.margin, 0, 26, 'var(--bad)', true),
    lo === null ? null : [line(lo, hi, 13, 13, 'var(--accent)'), line(lo, lo, 8, 18, 'var(--accent)'), line(hi, hi, 8, 18, 'var(--accent)')], svg('circle', { cx: at(v), cy: 13, r: 4.5, fill: 'var(--accent)' }));
}

function flipList(gate) {
  const lost = gate.flips.filter(flip => flip.lost), won = gate.flips.length - lost.length;
  const choice = h('select', { id: 'flip-side' }, h('option', { value: 'lost' }, `was right, now wrong (${count(lost.length)})`), h('option', { value: 'won' }, `was wrong, now right (${count(won)})`));
  const body = h('div', {}), previous = h('button', { type: 'button' }, '← Previous'), next = h('button', { type: 'button' }, 'Next →'), place = h('span', {});
  let page = 0;
  const show = () => {
    const rows = gate.flips.filter(flip => flip.lost === (choice.value === 'lost')), pages = Math.max(1, Math.ceil(rows.length / FLIP_ROWS));
    const side = ([answer, , confidence]) => [said(TEXTS[answer]), h('span', { class: 'claimtext' }, confidence === null ? 'no confidence' : `confidence ${num(confidence)}`)];
    body.replaceChildren(rows.length ? table(['question', 'picture', 'gold', 'baseline said', 'candidate says', 'kind'],
      rows.slice(page * FLIP_ROWS, (page + 1) * FLIP_ROWS).map(flip => [[said(TEXTS[flip.question]), h('span', { class: 'claimtext' }, said(flip.id))], thumb(flip.picture, TEXTS[flip.image]), said(TEXTS[flip.gold]),
        [verdict(TEXTS[flip.was[1]]), ' ', side(flip.was)], [verdict(TEXTS[flip.now[1]]), ' ', side(flip.now)], TEXTS[flip.kind]])) : empty('None.'));
    place.textContent = `Page ${page + 1} of ${pages}`;
    previous.disabled = page === 0;
    next.disabled = page + 1 >= pages;
  };
  choice.addEventListener('change', () => { page = 0; show(); });
  previous.addEventListener('click', () => { page--; show(); });
  next.addEventListener('click', () => { page++; show(); });
  show();
  return h('section', {}, h('h3', {}, 'Flipped questions'), h('p', { class: 'soft small' }, 'The most confident first. Confidence is the first token\u2019s probability.'), h('div', { class: 'controls noprint' }, h('label', { for: 'flip-side' }, 'Show', choice)), body, h('div', { class: 'pager noprint' }, previous, place, next));
}
