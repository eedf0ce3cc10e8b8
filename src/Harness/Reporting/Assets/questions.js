// The browser of questions: every question of every subject, filtered and sorted over columns, fifty rows at a time.

const PAGE_ROWS = 50;

function questionBrowser() {
  const all = [];
  SUBJECTS.forEach((subject, s) => subject.questions.id.forEach((_, i) => all.push({ s, i })));
  const flips = new Set(DATA.gate ? DATA.gate.flips.map(flip => flip.id) : []);
  const disagree = disagreements();
  const kinds = [...new Set(SUBJECTS.flatMap(subject => subject.questions.kind))].map(k => TEXTS[k]).sort();
  const labels = [...new Set(SUBJECTS.flatMap(subject => subject.questions.label))].map(k => TEXTS[k]).sort();
  const scores = [...new Set(SUBJECTS.flatMap(subject => Object.keys(subject.questions.scores)))].sort();
  const state = { page: 0, sort: null, down: false, score: scores.includes('first_token_probability') ? 'first_token_probability' : scores[0], rows: all };
  const haystack = new Map();
  const text = each => {
    const key = each.s * 1e7 + each.i;
    if (!haystack.has(key)) { const { questions } = SUBJECTS[each.s]; haystack.set(key, [questions.id[each.i], TEXTS[questions.text[each.i]], TEXTS[questions.answer[each.i]], TEXTS[questions.gold[each.i]], TEXTS[questions.image[each.i]]].join('\n').toLowerCase()); }
    return haystack.get(key);
  };

  const initial = state.score;
  const option = (value, label) => h('option', { value }, label);
  const select = (id, label, options) => { const input = h('select', { id }, options); return { input, label: h('label', { for: id }, label, input) }; };
  const subject = select('f-subject', 'Subject', [option('', 'all'), ...SUBJECTS.map((each, i) => option(String(i), each.name))]);
  const kind = select('f-kind', 'Kind', [option('', 'all'), ...kinds.map(each => option(each, each))]);
  const label = select('f-label', 'Label', [option('', 'all'), ...labels.map(each => option(each, each))]);
  const only = select('f-only', 'Only', [option('', 'everything'), DATA.gate ? option('flips', 'flips between baseline and candidate') : null, SUBJECTS.length > 1 ? option('disagree', 'subjects differ in right and wrong') : null, option('fit', 'fitting half'), option('score', 'scored half')].filter(Boolean));
  const score = select('f-score', 'Score shown', scores.map(each => option(each, signal(each))));
  if (state.score) score.input.value = state.score;
  const search = h('input', { type: 'search', id: 'f-text', placeholder: 'question, answer, gold, image, id', autocomplete: 'off' });
  const status = h('p', { role: 'status', class: 'soft' });
  const head = h('tr', {}), body = h('tbody', {});
  const previous = h('button', { type: 'button' }, '← Previous'), next = h('button', { type: 'button' }, 'Next →'), place = h('span', {});

  const columns = () => [
    { name: 'image' }, { name: 'question', of: each => TEXTS[SUBJECTS[each.s].questions.text[each.i]] }, { name: 'subject', of: each => SUBJECTS[each.s].name },
    { name: 'gold', of: each => TEXTS[SUBJECTS[each.s].questions.gold[each.i]] }, { name: 'answer', of: each => TEXTS[SUBJECTS[each.s].questions.answer[each.i]] },
    { name: 'label', of: each => TEXTS[SUBJECTS[each.s].questions.label[each.i]] }, { name: 'kind', of: each => TEXTS[SUBJECTS[each.s].questions.kind[each.i]] },
    ...(state.score ? [{ name: signal(state.score), num: true, of: each => { const column = SUBJECTS[each.s].questions.scores[state.score]; return column ? column[each.i] : null; } }] : []),
  ];

  function filter() {
    const wanted = search.value.trim().toLowerCase();
    state.rows = all.filter(each => {
      const { questions } = SUBJECTS[each.s];
      return (subject.input.value === '' || Number(subject.input.value) === each.s) && (kind.input.value === '' || TEXTS[questions.kind[each.i]] === kind.input.value)
        && (label.input.value === '' || TEXTS[questions.label[each.i]] === label.input.value)
        && (only.input.value === '' || (only.input.value === 'flips' ? flips.has(questions.id[each.i]) : only.input.value === 'disagree' ? disagree.has(questions.id[each.i]) : TEXTS[questions.split[each.i]] === only.input.value))
        && (wanted === '' || text(each).includes(wanted));
    });
    state.page = 0;
    sort();
  }

  function sort() {
    if (state.sort !== null) {
      const column = columns().find(each => each.name === state.sort);
      if (column && column.of) {
        const sign = state.down ? -1 : 1;
        // What has no score goes last in either order.
        state.rows = state.rows.map((each, k) => ({ each, k, value: column.of(each) })).sort((a, b) => a.value === null || a.value === undefined ? (b.value === null || b.value === undefined ? a.k - b.k : 1) : b.value === null || b.value === undefined ? -1
          : (column.num ? sign * (a.value - b.value) : sign * (a.value < b.value ? -1 : a.value > b.value ? 1 : 0)) || a.k - b.k).map(({ each }) => each);
      }
    }
    show();
  }

  function show() {
    const pages = Math.max(1, Math.ceil(state.rows.length / PAGE_ROWS));
    state.page = Math.min(Math.max(0, state.page), pages - 1);
    remember('questions', { q: search.value.trim(), subject: subject.input.value === '' ? null : SUBJECTS[subject.input.value].name, kind: kind.input.value, label: label.input.value, only: only.input.value,
      score: state.score && state.score !== initial ? state.score : null, sort: state.sort === null ? null : `${state.down ? '-' : ''}${state.sort}`, page: state.page ? state.page + 1 : null });
    const shown = state.rows.slice(state.page * PAGE_ROWS, (state.page + 1) * PAGE_ROWS);
    status.textContent = `${count(state.rows.length)} of ${count(all.length)} answers`;
    place.textContent = `Page ${count(state.page + 1)} of ${count(pages)}`;
    previous.disabled = state.page === 0;
    next.disabled = state.page + 1 >= pages;
    head.replaceChildren(...columns().map(column => h('th', { scope: 'col', class: column.num ? 'num' : null, 'aria-sort': state.sort === column.name ? (state.down ? 'descending' : 'ascending') : null }, column.of
      ? h('button', { type: 'button', class: 'sort', 'data-sort': column.name, onclick: () => { const same = state.sort === column.name; state.down = same ? !state.down : Boolean(column.num); state.sort = column.name; filter(); focusSort(column.name); } },
        column.name, h('span', { 'aria-hidden': 'true' }, state.sort === column.name ? (state.down ? ' ▼' : ' ▲') : ' ↕')) : column.name)));
    body.replaceChildren(...shown.map(each => {
      const { questions } = SUBJECTS[each.s], cells = columns();
      return h('tr', {}, cells.map(column => column.name === 'image' ? h('td', {}, thumb(questions.picture[each.i], TEXTS[questions.image[each.i]]))
        : column.name === 'question' ? h('th', { scope: 'row' }, h('button', { type: 'button', class: 'open', title: 'Show all of this question', onclick: () => openQuestion(each, state.rows) }, said(column.of(each))))
          : column.name === 'label' ? h('td', { 'data-label': 'label' }, verdict(column.of(each)))
            : h('td', { 'data-label': column.name, class: column.num ? 'num' : null }, column.num ? num(column.of(each)) : said(column.of(each)))));
    }));
  }

  function focusSort(name) { for (const button of head.querySelectorAll('button')) if (button.dataset.sort === name) button.focus(); }

  let waiting = 0;
  search.addEventListener('input', () => { clearTimeout(waiting); waiting = setTimeout(filter, 120); });
  for (const each of [subject, kind, label, only]) each.input.addEventListener('change', filter);
  score.input.addEventListener('change', () => { state.score = score.input.value; filter(); });
  previous.addEventListener('click', () => { state.page--; show(); });
  next.addEventListener('click', () => { state.page++; show(); });

  /** Takes filters, order and page from the address. */
  function apply(query) {
    const known = (input, value) => { input.value = [...input.options].some(each => each.value === value) ? value : ''; };
    search.value = query.get('q') || '';
    const named = SUBJECTS.findIndex(each => each.name === query.get('subject'));
    subject.input.value = named < 0 ? '' : String(named);
    known(kind.input, query.get('kind') || '');
    known(label.input, query.get('label') || '');
    known(only.input, query.get('only') || '');
    if (scores.includes(query.get('score'))) state.score = query.get('score'); else state.score = initial;
    if (state.score) score.input.value = state.score;
    const order = query.get('sort') || '';
    [state.down, state.sort] = order.startsWith('-') ? [true, order.slice(1)] : [false, order || null];
    filter();
    state.page = (Number.parseInt(query.get('page'), 10) || 1) - 1;
    show();
  }

  filter();
  const page = h('div', {}, h('h2', {}, 'Questions'), h('div', { class: 'controls noprint', role: 'search' }, h('label', { for: 'f-text' }, 'Search', search), subject.label, kind.label, label.label, only.label, scores.length ? score.label : null),
    status, h('div', { class: 'scroll' }, h('table', { class: 'fold', id: 'questions-table' }, h('thead', {}, head), body)), h('div', { class: 'pager noprint' }, previous, place, next));
  page.apply = apply;
  page.rows = () => state.rows;
  return page;
}

/** Every subject's answer to a question. */
function rowsByQuestion(id) {
  if (!rowsByQuestion.known) {
    rowsByQuestion.known = new Map();
    SUBJECTS.forEach((subject, s) => subject.questions.id.forEach((each, i) => { if (!rowsByQuestion.known.has(each)) rowsByQuestion.known.set(each, []); rowsByQuestion.known.get(each).push({ s, i }); }));
  }
  return rowsByQuestion.known.get(id) || [];
}

/** Ids that some subject answers right and another wrong. */
function disagreements() {
  const seen = new Map(), differ = new Set();
  for (const subject of SUBJECTS) subject.questions.id.forEach((id, i) => {
    const label = TEXTS[subject.questions.label[i]];
    if (label === 'unjudged') return;
    const right = label === 'correct';
    if (seen.has(id) && seen.get(id) !== right) differ.add(id);
    else seen.set(id, right);
  });
  return differ;
}
