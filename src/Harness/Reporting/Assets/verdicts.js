// The first page: headline, the verdict table, and the charts that say most.

function headline() {
  const { good, text, details } = DATA.headline;
  return h('section', { class: `headline ${good === null ? '' : good ? 'good' : 'bad'}`, 'aria-label': 'Outcome' },
    h('h2', {}, good === null ? '' : good ? '✔ ' : '✘ ', text), details.length ? h('ul', {}, details.slice(0, 12).map(each => h('li', {}, said(each)))) : null,
    details.length > 12 ? h('p', { class: 'soft' }, `… and ${details.length - 12} more; the table below has all.`) : null);
}

function subjectFacts(subject) {
  const labels = subject.samples.label.map(label => TEXTS[label]);
  const of = label => labels.filter(each => each === label).length;
  const judged = labels.length - of('unjudged');
  return h('p', { class: 'facts' }, h('span', {}, h('b', {}, said(subject.name)), ` ${subject.family}, ${subject.layers} layers`), h('span', {}, h('b', {}, count(labels.length)), ' questions of ', said(subject.data)),
    h('span', {}, h('b', {}, judged ? `${(100 * of('correct') / judged).toFixed(1)} %` : '–'), ` of ${count(judged)} judged answers right`),
    of('unparsed') ? h('span', {}, h('b', {}, count(of('unparsed'))), ' unparsed (count as wrong)') : null, of('unjudged') ? h('span', {}, h('b', {}, count(of('unjudged'))), ' not judged') : null);
}

function verdictCell(claim, subject, name) {
  const found = verdictOf(claim.id, subject);
  if (!found) return h('span', { class: 'soft' }, 'absent');
  const check = ledgerOf(claim.id, name);
  return [verdict(found.verdict), ' ',
    check && check.outcome === 'Differs' ? h('span', { class: 'differs' }, `≠ expected ${WORDS[check.expected] || check.expected}`) : check && check.outcome === 'New' ? h('span', { class: 'differs' }, 'new: not in the ledger') : null,
    h('span', { class: 'claimtext' }, check && check.outcome === 'AsExpected' ? 'expected · ' : '', `as printed: ${found.outcome}`)];
}

function verdictTable() {
  const rows = CLAIMS.map(claim => {
    const name = [h('a', { href: `#claim/${claim.id}` }, claim.id), h('span', { class: 'claimtext' }, prose(claim.text))];
    if (claim.id === 'architecture-split' && DATA.comparison)
      return [name, [h('span', { class: 'soft small' }, SUBJECTS.length > 1 ? 'all subjects: ' : ''), verdictCell(claim, SUBJECTS[0], 'all')], ...SUBJECTS.slice(1).map(() => h('span', { class: 'soft small' }, 'see the first'))];
    return [name, ...SUBJECTS.map(subject => verdictCell(claim, subject, subject.name))];
  });
  return table(['claim', ...SUBJECTS.map(subject => subject.name)], rows, { caption: `Verdicts of ${CLAIMS.length} claims by their judged forms. ${DATA.ledger.length ? '"Expected": the ledger expects this verdict. ' : ''}"As printed": whether the study's own form holds, which decides nothing. A claim's name leads to its page.` });
}

function legendOfVerdicts() {
  return h('details', {}, h('summary', {}, 'What the verdicts mean'), h('dl', { class: 'pairs' },
    [['Supported', 'the deciding 95 % interval lies wholly on the claim\u2019s side; where several are needed, all of them'], ['Refuted', 'it lies wholly on the other side; where several are needed, one such is enough'],
      ['Inconclusive', 'it holds both sides at this n; the claim\u2019s page says which n would decide'], ['NotRun', 'something that the claim needs is missing, not finite, of one class, or too small; no number takes its place']]
      .map(([word, meaning]) => [h('dt', {}, verdict(word)), h('dd', {}, meaning)])));
}

function overview() {
  return h('div', {}, headline(), SUBJECTS.map(subjectFacts), verdictTable(), legendOfVerdicts(),
    h('h3', {}, 'At a glance'), h('div', { class: 'grid' }, CHART.probeRoc(), CHART.aurocByLayer(), CHART.marginByLayer(), CHART.entropyByLayer(), ...CHART.dose({ one: true })));
}
