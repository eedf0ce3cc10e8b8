// An upgrade: metrics with their margins, verdict changes, and the questions that flipped.

const FLIP_ROWS = 30;

function gatePage() {
  const gate = DATA.gate;
  return h('div', {}, h('h2', {}, 'Metrics and flips'), metricTable(gate), reasons(gate), settings(gate), changedVerdicts(gate), flipList(gate));
}

function metricTable(gate) {
  const said_ = metric => (metric.outcome === 'Regressed' ? h('span', { class: 'differs' }, '✗ regressed') : verdict(metric.outcome));
  const margin = metric => (metric.margin === null ? null : h('span', { class: 'claimtext' }, `margin ${num(metric.margin)}${metric.adjustedText ? `, p\u00a0(Holm)\u00a0${metric.adjustedText.replace(' ', '\u00a0')}` : ''}${metric.role === 'reported' ? ', reported only' : ''}`));
  return h('section', {}, h('h3', {}, said(gate.candidate), ' against ', said(gate.baseline)),
    table(['metric', { text: 'baseline → candidate', num: true }, 'Δ, positive is better', { text: 'Δ [interval]', num: true }, 'outcome'],
      [...gate.metrics].sort((a, b) => (b.outcome === 'Regressed') - (a.outcome === 'Regressed')).map(metric => [[h('code', {}, said(metric.name)), h('span', { class: 'claimtext' }, said(metric.what))], metric.baseline || metric.candidate ? `${metric.baseline ? num(metric.baseline.v) : '–'} → ${metric.candidate ? num(metric.candidate.v) : '–'}` : '–', miniForest(metric),
        metric.difference ? interval(metric.difference) : '–', [said_(metric), margin(metric)]]),
      { class: 'fold metrics', caption: [`${count(gate.questions)} questions about ${count(gate.images)} images of `, said(gate.data), ', paired, images as units; positive is better whatever the metric’s own direction. A metric passes when its whole interval is right of its margin (dashed). Both columns are pooled with the same weights, so a value can differ a little from the run’s own.'] }));
}

function reasons(gate) {
  return h('details', {}, h('summary', {}, `What each of the ${gate.metrics.length} metrics says in full`), h('ul', { class: 'small' }, [...new Set([...gate.reasons, ...gate.metrics.map(metric => metric.reason)])].map(reason => h('li', {}, said(reason)))));
}

/** What was not the same for the two runs: weights, prompt, generation, numerics. */
function settings(gate) {
  if (gate.settings === null) return h('p', { class: 'soft' }, 'What the two runs were made with is not recorded for both.');
  if (gate.settings.length === 0) return h('p', {}, 'Both runs were made with the same weights and settings.');
  const value = text => (text === null ? h('span', { class: 'soft' }, 'absent') : /^[0-9a-f]{64}$/.test(text) ? h('code', { title: text }, `${text.slice(0, 12)}…`) : said(text));
  return h('details', {}, h('summary', {}, `${count(gate.settings.length)} settings differ between the two runs`), table(['setting', 'baseline', 'candidate'], gate.settings.map(([name, before, after]) => [h('code', {}, said(name)), value(before), value(after)])));
}

function changedVerdicts(gate) {
  if (gate.changes.length === 0) return h('p', {}, 'No claim has another verdict than for the baseline.');
  return h('section', {}, h('h3', {}, `${count(gate.changes.length)} of ${count(CLAIMS.length)} claims changed`), table(['claim', 'baseline', 'candidate', 'because'], gate.changes.map(change => [h('a', { href: `#claim/${change.claim}` }, change.claim), verdict(change.before),
    [verdict(change.after), change.expected ? h('span', { class: 'soft' }, ' ✓ as expected') : change.opposite ? h('span', { class: 'differs' }, 'opposite') : null], said(change.reason)])));
}

/** Difference and margin on a scale of the metric's own, since units differ. */
function miniForest(metric) {
  if (!metric.difference) return '–';
  const { v, lo, hi } = metric.difference, reach = 1.15 * Math.max(Math.abs(v), Math.abs(lo === null ? v : lo), Math.abs(hi === null ? v : hi), metric.margin) || 1;
  const at = value => `${50 + 48 * value / reach}%`, color = metric.outcome === 'Regressed' ? 'var(--bad)' : 'var(--accent)';
  const line = (x1, x2, y1, y2, stroke, dash) => svg('line', { x1: at(x1), x2: at(x2), y1, y2, stroke, 'stroke-width': 2, ...(dash ? { 'stroke-dasharray': '3 3' } : {}) });
  return svg('svg', { width: 170, height: 26, role: 'img', 'aria-label': `difference ${interval(metric.difference)}, margin ${num(-metric.margin)}` }, line(0, 0, 0, 26, 'var(--line)'), line(-metric.margin, -metric.margin, 0, 26, 'var(--soft)', true),
    lo === null ? null : [line(lo, hi, 13, 13, color), line(lo, lo, 8, 18, color), line(hi, hi, 8, 18, color)], svg('circle', { cx: at(v), cy: 13, r: 4.5, fill: color }));
}

function flipTable(rows) {
  const side = ([answer, , confidence]) => [said(TEXTS[answer]), h('span', { class: 'claimtext' }, confidence === null ? 'no confidence' : `confidence ${num(confidence)}`)];
  const at = flip => rowsByQuestion(flip.id).slice(-1)[0];
  return table(['question', 'image', 'gold', 'baseline said', 'candidate says', 'kind'], rows.map(flip => [[at(flip) ? h('button', { type: 'button', class: 'open', title: 'Show all of this question', onclick: () => openQuestion(at(flip), rows.map(at).filter(Boolean)) }, said(TEXTS[flip.question])) : said(TEXTS[flip.question]), h('span', { class: 'claimtext' }, said(flip.id))],
    thumb(flip.picture, TEXTS[flip.image]), said(TEXTS[flip.gold]), [verdict(TEXTS[flip.was[1]]), ' ', side(flip.was)], [verdict(TEXTS[flip.now[1]]), ' ', side(flip.now)], TEXTS[flip.kind]]));
}

function flipList(gate) {
  const lost = gate.flips.filter(flip => flip.lost), won = gate.flips.length - lost.length;
  const choice = h('select', { id: 'flip-side' }, h('option', { value: 'lost' }, `was right, now wrong (${count(lost.length)})`), h('option', { value: 'won' }, `was wrong, now right (${count(won)})`));
  const body = h('div', {}), previous = h('button', { type: 'button' }, '← Previous'), next = h('button', { type: 'button' }, 'Next →'), place = h('span', {});
  let page = 0;
  const show = () => {
    const rows = gate.flips.filter(flip => flip.lost === (choice.value === 'lost')), pages = Math.max(1, Math.ceil(rows.length / FLIP_ROWS));
    body.replaceChildren(rows.length ? flipTable(rows.slice(page * FLIP_ROWS, (page + 1) * FLIP_ROWS)) : empty('None.'));
    place.textContent = `Page ${page + 1} of ${pages}`;
    previous.disabled = page === 0;
    next.disabled = page + 1 >= pages;
  };
  choice.addEventListener('change', () => { page = 0; show(); });
  previous.addEventListener('click', () => { page--; show(); });
  next.addEventListener('click', () => { page++; show(); });
  show();
  return h('section', { id: 'flips' }, h('h3', {}, 'Flipped questions'), h('p', { class: 'soft small' }, 'The most confident first. Confidence is the first token’s probability.'), h('div', { class: 'controls noprint' }, h('label', { for: 'flip-side' }, 'Show', choice)), body, h('div', { class: 'pager noprint' }, previous, place, next));
}
