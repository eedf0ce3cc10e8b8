// A page per claim: verdicts and reasons, the study's figures beside ours, charts, how it is judged, and every row behind it.

function claimPage(claim) {
  const at = CLAIMS.indexOf(claim);
  return h('div', {},
    h('p', { class: 'noprint small' }, h('a', { href: '#overview' }, 'All claims'), ' · ', at > 0 ? h('a', { href: `#claim/${CLAIMS[at - 1].id}` }, `← ${CLAIMS[at - 1].id}`) : null, at > 0 && at + 1 < CLAIMS.length ? ' · ' : null,
      at + 1 < CLAIMS.length ? h('a', { href: `#claim/${CLAIMS[at + 1].id}` }, `${CLAIMS[at + 1].id} →`) : null),
    h('p', { class: 'soft' }, h('code', {}, claim.id)), h('h2', {}, prose(claim.text)),
    h('div', { class: 'cards' }, overAll(claim) ? verdictCard(claim, DATA.comparison.split, 'all', 'all subjects') : SUBJECTS.map(subject => verdictCard(claim, subject.verdicts.find(found => found.claim === claim.id), subject.name, subject.name))),
    h('h3', {}, 'Printed by the study and found here'), figures(claim),
    h('div', { class: 'noprint' }, h('h3', {}, 'Figures'), CHART.of[claim.id] ? CHART.of[claim.id]() : empty('No charts for this claim.'),
    h('h3', {}, 'How it is judged'), h('dl', { class: 'pairs' }, [['Published form', claim.published], ['Judged form', claim.judged], ['Method', claim.method], ['Supported when', claim.supported], ['Refuted when', claim.refuted], ['Not run when', claim.notRun]]
      .map(([name, text]) => [h('dt', {}, name), h('dd', {}, prose(text))])),
    h('h4', {}, 'Traps that the judged form closes'), h('ul', {}, claim.traps.map(trap => h('li', {}, prose(trap)))), allRows(claim)));
}

function verdictCard(claim, found, name, title) {
  if (!found) return h('section', { class: 'card' }, h('h4', {}, title), empty('verdicts.json has no such claim.'));
  const check = ledgerOf(claim.id, name);
  const pair = (label, ...text) => [h('dt', {}, label), h('dd', {}, text)];
  return h('section', { class: 'card claimcard' }, h('h4', {}, said(title), ' ', verdict(found.verdict)),
    h('dl', { class: 'pairs' }, pair('Because', coded(found.reason)), found.settle ? pair('To decide it', coded(found.settle)) : null,
      pair('Paper\u2019s own criterion', `${found.outcome}: `, said(found.found)),
      !check ? (DATA.ledger.length ? pair('Ledger', 'has no check for it') : null) : check.outcome === 'New' ? pair('Ledger', h('span', { class: 'differs' }, 'new: no entry yet')) :
        pair('Ledger', check.outcome === 'Differs' ? h('span', { class: 'differs' }, `≠ expected ${WORDS[check.expected] || check.expected}`) : '✓ as expected', ` (${check.source}). `, said(check.why)),
      found.notes.length ? pair('Notes', h('ul', { class: 'small' }, found.notes.map(note => h('li', {}, said(note))))) : null),
    found.deciding.length ? h('details', { class: 'noprint' }, h('summary', {}, `The ${found.deciding.length} row${found.deciding.length > 1 ? 's' : ''} that decided`), rowTable(found.deciding)) : null);
}

function figures(claim) {
  const printed = (figure, i) => (figure.printed[i] === null ? 'not printed' : `printed ${figure.layer ? `L${figure.printed[i]} (depth ${num(figure.printedDepth[i])})` : String(figure.printed[i]).replace('-', '\u2212')}`);
  const ours = (figure, i) => {
    const e = figure.ours[i];
    if (!e) return h('span', { class: 'soft' }, 'not measured');
    return figure.layer ? `L${e.v} (depth ${num(e.depth)})` : [interval(e), h('span', { class: 'soft small' }, ` n = ${count(e.n)}`)];
  };
  return table(['figure', ...SUBJECTS.map(subject => `${subject.name} (printed: ${subject.title})`)],
    claim.figures.map(figure => [[prose(figure.what), figure.note ? h('span', { class: 'claimtext' }, figure.note) : null], ...SUBJECTS.map((_, i) => [ours(figure, i), h('span', { class: 'claimtext' }, printed(figure, i))])]),
    { caption: 'Above what was found here, below what the study prints for its own checkpoint of the family; a subject here may be another model.' });
}

function rowTable(rows) {
  return table(['measure', 'kind', { text: 'layer', num: true }, 'arm', { text: 'value [interval]', num: true }, { text: 'n', num: true }, { text: 'images', num: true }, 'method'],
    rows.map(e => [e.measure, e.kind, e.layer === null ? '–' : String(e.layer), e.arm || '–', interval(e), count(e.n), count(e.groups), e.method]));
}

/** Every row of the claim in metrics.json; built when opened. */
function allRows(claim) {
  return SUBJECTS.map(subject => {
    const rows = rowsOf(subject, claim.id);
    const details = h('details', { class: 'noprint' }, h('summary', {}, `All ${rows.length} rows of ${subject.name} in metrics.json`));
    details.addEventListener('toggle', () => { if (details.open && details.children.length === 1) details.append(rowTable(rows)); });
    return details;
  });
}
