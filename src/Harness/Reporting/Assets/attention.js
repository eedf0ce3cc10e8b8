// Attention maps over images: the same questions for all subjects side by side, chosen by a stated rule.

const GALLERY = 8;

function attentionPage() {
  const page = h('div', {}, h('h2', {}, 'Attention over the images'),
    h('p', {}, 'Where the last prompt token looks: mean over heads, cut out by the image tokens, renormalised, mean over layers. Each map is scaled to its own largest cell (stated below it), so brightness compares cells of one map and not maps with each other. Whether any of this says that an answer is right is what ', h('a', { href: '#claim/attention-sharpness' }, 'attention-sharpness'), ' judges.'));
  for (const subject of SUBJECTS) {
    if (subject.mapsMissing) page.append(empty(`${subject.name}: no maps, since ${subject.mapsMissing}.`));
    if (subject.picturesMissing) page.append(empty(`${subject.name}: no images, since ${subject.picturesMissing}. Maps are shown alone.`));
    if (subject.crop === 'centre' && !subject.mapsMissing) page.append(h('p', { class: 'soft small' }, `${subject.name}: the processor of this family cuts the middle square out of an image; the map lies over that square.`));
  }
  for (const problem of DATA.pictures.problems) page.append(h('p', { class: 'empty' }, said(problem)));
  const base = SUBJECTS.find(subject => !subject.mapsMissing);
  if (!base) return page;

  const rules = {
    wrong: ['most confident wrong answers', i => (label(base, i) === 'wrong' ? -value(base, 'first_token_probability', i) : null)],
    right: ['least confident right answers', i => (label(base, i) === 'correct' ? value(base, 'first_token_probability', i) : null)],
    sharp: ['sharpest maps (lowest H_s)', i => value(base, 'attention_entropy', i)],
    diffuse: ['most diffuse maps (highest H_s)', i => -value(base, 'attention_entropy', i)],
    first: ['first of each image', i => i],
  };
  const choice = h('select', { id: 'gallery' }, Object.entries(rules).map(([key, [name]]) => h('option', { value: key }, `${name}${key === 'first' ? '' : ` of ${base.name}`}`)));
  const list = h('div', {});
  const show = () => {
    const seen = new Set(), chosen = [];
    const ranked = base.questions.id.map((_, i) => ({ i, key: rules[choice.value][1](i) })).filter(each => each.key !== null && !Number.isNaN(each.key) && base.maps.grids[2 * each.i]).sort((a, b) => a.key - b.key || a.i - b.i);
    for (const { i } of ranked) if (!seen.has(base.questions.image[i]) && chosen.length < GALLERY) { seen.add(base.questions.image[i]); chosen.push(i); }
    // The arrows of an opened question lead through the gallery's, as the same subject was asked them.
    const shownOf = subject => chosen.map(i => ({ s: SUBJECTS.indexOf(subject), i: subject.questions.id.indexOf(base.questions.id[i]) })).filter(each => each.i >= 0);
    list.replaceChildren(...(chosen.length ? chosen.map(i => galleryItem(base, i, shownOf)) : [empty('No question fits this choice.')]));
  };
  choice.addEventListener('change', () => { remember('attention', { show: choice.value === 'wrong' ? null : choice.value }); show(); });
  show();
  page.apply = query => { choice.value = rules[query.get('show')] ? query.get('show') : 'wrong'; show(); };
  const slider = strengthSlider('gallery-strength', 0.5, () => [...list.querySelectorAll('.heat')].filter(each => each.repaint && each.dataset.map));
  return add(page, [h('div', { class: 'controls noprint' }, h('label', { for: 'gallery' }, `Show the ${GALLERY}`, choice), slider), list]);
}

function label(subject, i) { return TEXTS[subject.questions.label[i]]; }
function value(subject, name, i) { const column = subject.questions.scores[name]; return column && column[i] !== null ? column[i] : NaN; }

function galleryItem(base, i, shownOf) {
  const id = base.questions.id[i];
  return h('section', { class: 'item' }, h('h4', {}, said(TEXTS[base.questions.text[i]]), h('span', { class: 'soft small' }, '  gold: ', said(TEXTS[base.questions.gold[i]]))),
    h('div', { class: 'maps' }, h('div', {}, heat(base, i, { strength: 0 }), h('p', { class: 'small soft' }, said(TEXTS[base.questions.image[i]]))), SUBJECTS.map(subject => {
      const at = subject.questions.id.indexOf(id);
      if (at < 0 || !mapOf(subject, at)) return null;
      const map = mapOf(subject, at), entropy = value(subject, 'attention_entropy', at);
      const shown = heat(subject, at);
      shown.dataset.map = 'true';
      const open = h('button', { type: 'button', class: 'link', title: 'Show all of this question', onclick: () => openQuestion({ s: SUBJECTS.indexOf(subject), i: at }, shownOf(subject)) }, said(subject.name));
      return h('div', {}, shown, h('p', { class: 'small' }, open, ': ', said(TEXTS[subject.questions.answer[at]]), ' ', verdict(label(subject, at)),
        h('span', { class: 'claimtext' }, `${map.height} × ${map.width} cells, largest ${(100 * map.peak).toFixed(1)} %${Number.isNaN(entropy) ? '' : `, H_s ${num(entropy)}`}`)));
    })));
}
