// A subject's runs over time: every metric of the gate by run, and what changed from one run to the next.

/** Seven digits of the commit and the day; a run that says neither has its folder's name. */
function runLabel(run) {
  if (!run.date) return [run.name, 'no date, no commit'];
  return [run.commit ? `${run.commit.slice(0, 7)}${run.commit.includes(' ') ? '*' : ''}` : 'no commit', run.date.slice(0, 10)];
}

function runTitle(run) { return run.date ? `${run.commit ? `commit ${run.commit}` : 'commit not recorded'}, ${run.date}` : `${run.name}, date and commit not recorded`; }

/** A metric over the runs of one subject. The line ends where a run has no value or was asked other questions. */
CHART.history = (history, metric, i = 0) => {
  const points = history.runs.flatMap((run, k) => {
    const e = metric.values[k], point = { x: k, y: e ? e.v : null, lo: e && e.lo, hi: e && e.hi, n: e && e.n, what: runTitle(run) };
    return run.since && run.since.otherQuestions ? [{ x: k - 0.5, y: null, lo: null }, point] : [point];
  });
  const missing = metric.values.filter(e => !e).length, others = history.runs.some(run => run.since && run.since.otherQuestions);
  return chart({ title: metric.name, x: { label: 'run', min: -0.4, max: history.runs.length - 0.6, at: history.runs.map((_, k) => k), ticks: value => (history.runs[value] ? runLabel(history.runs[value]) : '') }, y: { label: metric.name, grace: '5%' },
    series: [{ label: history.subject, style: i, points }],
    caption: [said(metric.what), '; 95 %, images as units.', missing ? ` Not measured in ${missing} of ${history.runs.length} runs.` : '', others ? ' The line is broken where the questions became others.' : ''] });
};

function changedSince(run) {
  const { since } = run;
  if (!since) return h('span', { class: 'soft' }, 'the first');
  const { lost, won, verdicts, settings, otherQuestions } = since;
  const parts = [
    otherQuestions ? h('span', { class: 'differs' }, 'other questions') : null,
    lost + won ? `${count(lost)} answers lost, ${count(won)} won` : 'no answer changed between right and wrong',
    ...verdicts.map(([claim, before, after]) => [h('a', { href: `#claim/${claim}` }, claim), ` was ${WORDS[before] || before}, is ${WORDS[after] || after}`]),
    settings === null ? h('span', { class: 'soft' }, 'settings are not recorded') : settings.length ? ['changed: ', settings.map((name, i) => [i ? ', ' : '', h('code', {}, said(name))])] : 'same model and settings',
  ].filter(Boolean);
  return h('ul', { class: 'plain' }, parts.map(part => h('li', {}, part)));
}

function historyTable(history) {
  const accuracy = history.metrics.find(metric => metric.name === 'accuracy');
  return table(['run', 'commit', { text: 'questions', num: true }, { text: 'accuracy', num: true }, 'since the run before'], history.runs.map((run, k) => [
    [said(run.date || 'date not recorded'), h('span', { class: 'claimtext' }, said(run.name))],
    [run.commit ? h('code', {}, said(run.commit)) : h('span', { class: 'soft' }, 'not recorded'), run.page ? [' ', h('a', { href: run.page, rel: 'noreferrer' }, 'CI run')] : null],
    count(run.questions), accuracy && accuracy.values[k] ? percent(accuracy.values[k]) : '–', changedSince(run)]).reverse(),
  { class: 'fold', caption: 'The newest first. “Not recorded”: the folder was written by a version that did not note it, or outside of a repository; nothing stands in its place.' });
}

function historyPage() {
  return h('div', {}, h('h2', {}, 'Runs over time'), h('p', { class: 'soft small' }, 'Each point is one run’s own value, not a comparison: two runs are held against each other, question by question, by ', h('code', {}, 'vrp gate --baseline RUN --candidate RUN'), '. The other pages show the newest run. An asterisk: with uncommitted changes.'),
    DATA.history.map((history, i) => h('section', {}, h('h3', {}, said(history.subject), ` on ${history.data}: ${count(history.runs.length)} runs`), historyTable(history),
      h('div', { class: 'grid runs' }, history.metrics.map(metric => CHART.history(history, metric, i))))));
}
