// The first page: the outcome and what is unlike expected, where the report comes from, right answers by kind, verdicts, and the charts that say most.

function headline() {
  const { word, good, text, differences } = DATA.headline;
  return h('section', { class: `headline ${good === null ? '' : good ? 'good' : 'bad'}`, 'aria-label': 'Outcome' },
    h('h2', {}, word ? h('span', { class: 'outcome' }, word) : null, said(text)), originLine(),
    differences.length ? h('ol', { class: 'differences' }, differences.slice(0, 12).map(difference)) : null,
    differences.length > 12 ? h('p', { class: 'soft' }, `… and ${differences.length - 12} more; the tables below have all.`) : null);
}

function difference({ name, subject, what, reason, settle, claim }) {
  return h('li', {}, name ? (claim && BY_NAME.has(name) ? h('a', { href: `#claim/${name}` }, name) : h('code', {}, said(name))) : null,
    subject ? [name ? ' on ' : '', said(subject === 'all' ? 'all subjects' : subject)] : null, name || subject ? ': ' : null, h('b', {}, said(what)),
    reason ? h('span', { class: 'claimtext' }, coded(reason)) : null, settle ? h('span', { class: 'claimtext' }, 'To decide it: ', coded(settle)) : null);
}

/** Date, commit, CI run, command, study. */
function originLine() {
  const { date, commit, run, command } = DATA.origin;
  return h('div', { class: 'origin' }, h('p', {}, [date, commit ? ['commit ', h('code', {}, said(commit))] : null, run ? h('a', { href: run, rel: 'noreferrer' }, 'CI run') : null, command ? h('code', {}, said(command)) : null]
    .filter(Boolean).flatMap((part, i) => (i ? [' · ', part] : [part]))),
  h('p', {}, 'Claims of the study ', DATA.papers.map(([title, number, address], i) => [i ? ' and ' : '', h('a', { href: address, rel: 'noreferrer' }, title), ` (${number})`]), '. “Refuted” is a finding about a model, not a failure.'));
}

/** The subjects as columns. */
function subjectColumns() { return SUBJECTS.map(subject => ({ text: subject.name, node: said(subject.name) })); }

/** Where a subject's run comes from, where that is not what the page's head says already. */
function made(subject) {
  if (!subject.made) return SUBJECTS.some(each => each.made) ? ', of a run without a recorded date and commit' : '';
  if (subject.made.commit === DATA.origin.commit) return '';
  return `, run of ${subject.made.date} ${subject.made.commit ? `at commit ${subject.made.commit}` : 'without a recorded commit'}`;
}

/** Right answers by kind: a row per kind, a column per subject. */
function accuracyTable() {
  const kinds = [...new Set(SUBJECTS.flatMap(subject => subject.accuracy.map(each => each.kind)))];
  if (kinds.length === 0) return empty('No answer could be judged.');
  return [table(['kind', ...subjectColumns()], kinds.map(kind => [kind === 'all' ? 'all questions' : kind, ...SUBJECTS.map(subject => {
    const found = subject.accuracy.find(each => each.kind === kind);
    if (!found) return h('span', { class: 'soft' }, 'none');
    return [h('span', { class: 'nowrap' }, percent(found.e)), h('span', { class: 'claimtext' }, `n = ${count(found.e.n)}${found.unparsed ? `, ${count(found.unparsed)} unparsed` : ''}`)];
  })]), { class: 'fold narrow' }), h('p', { class: 'soft small' }, `${SUBJECTS.map(subject => `${subject.name}: ${subject.family}, ${subject.layers} layers, ${count(subject.questions.id.length)} questions (data set “${subject.data}”)${made(subject)}`).join('; ')}. Intervals 95 %, images as units; unparsed answers count as wrong.${SUBJECTS.some(subject => subject.made) ? '' : ' Date and commit of the runs are not recorded.'}`)];
}

function verdictCell(claim, subject, name) {
  const found = verdictOf(claim.id, subject);
  if (!found) return h('span', { class: 'soft' }, 'absent');
  const check = ledgerOf(claim.id, name);
  return [verdict(found.verdict), ' ',
    check && check.outcome === 'Differs' ? h('span', { class: 'differs' }, `≠ expected ${WORDS[check.expected] || check.expected}`) : check && check.outcome === 'New' ? h('span', { class: 'differs' }, 'new: not in the ledger') : null];
}

function verdictTable() {
  const ledger = DATA.ledger.length > 0, split = CLAIMS.find(overAll);
  const name = claim => [h('a', { href: `#claim/${claim.id}` }, claim.id), h('span', { class: 'claimtext' }, prose(claim.text))];
  const expected = claim => { const found = asExpected(claim); return found ? h('span', { class: found.ok ? 'soft' : 'differs' }, found.text) : h('span', { class: 'soft' }, '–'); };
  const rows = CLAIMS.filter(claim => claim !== split).map(claim => [name(claim), ...SUBJECTS.map(subject => verdictCell(claim, subject, subject.name)), ...(ledger ? [expected(claim)] : [])]);
  const built = table(['claim', ...subjectColumns(), ...(ledger ? ['as expected'] : [])], rows,
    { class: 'fold verdicts', caption: `Verdicts of ${CLAIMS.length} claims by their judged forms. A claim’s name leads to its page.${ledger ? ' Colour marks what is unlike the ledger.' : ''}` });
  if (split) built.querySelector('tbody').append(h('tr', {}, h('th', { scope: 'row' }, name(split)),
    h('td', { colspan: SUBJECTS.length, 'data-label': 'all subjects' }, verdictCell(split, SUBJECTS[0], 'all'), SUBJECTS.length > 1 ? h('span', { class: 'soft small' }, ' over all subjects') : null),
    ledger ? h('td', { 'data-label': 'as expected' }, expected(split)) : null));
  return built;
}

function legendOfVerdicts() {
  return h('details', { class: 'noprint' }, h('summary', {}, 'What the verdicts mean'), h('dl', { class: 'pairs' },
    [['Supported', 'the deciding 95 % interval is entirely on the claim’s side; where several are needed, all of them'], ['Refuted', 'it is entirely on the other side; where several are needed, one such is enough'],
      ['Inconclusive', 'it crosses the bound at this n; the claim’s page says which n would decide'], ['NotRun', 'something that the claim needs is missing, not finite, of one class, or too small; no number takes its place']]
      .map(([word, meaning]) => [h('dt', {}, verdict(word)), h('dd', {}, meaning)])));
}

/** An upgrade starts with what decides it: metrics and flips; claims that did not change are one folded line. */
function upgrade(gate) {
  const lost = gate.flips.filter(flip => flip.lost).length;
  return [metricTable(gate), changedVerdicts(gate),
    h('h3', {}, `${count(lost)} answers lost, ${count(gate.flips.length - lost)} won`), gate.flips.length ? [flipTable(gate.flips.slice(0, 5)), h('p', {}, h('a', { href: '#gate' }, `All ${count(gate.flips.length)} flips and every reason`))] : h('p', {}, 'No answer changed between right and wrong.'),
    h('h3', {}, 'Right answers'), accuracyTable(),
    h('details', {}, h('summary', {}, `${CLAIMS.length - gate.changes.length} claims as for the baseline; all verdicts`), verdictTable(), legendOfVerdicts())];
}

function overview() {
  return h('div', {}, headline(), DATA.gate ? upgrade(DATA.gate) : [h('h3', {}, 'Right answers'), accuracyTable(), h('h3', {}, 'Verdicts'), verdictTable(), legendOfVerdicts()],
    h('h3', {}, 'At a glance'), h('div', { class: 'grid' }, ...DATA.history.flatMap((history, i) => history.metrics.filter(metric => metric.name === 'accuracy').map(metric => CHART.history(history, metric, i))), CHART.probeRoc(), CHART.aurocByLayer(), CHART.marginByLayer(), CHART.entropyByLayer(), ...CHART.dose({ one: true })));
}
