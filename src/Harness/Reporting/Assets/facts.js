// What the figures were made from: run.json of every subject.

const FIRST = ['model.name', 'model.family', 'data.name', 'data.samples', 'data.questions', 'numerics.dtype', 'numerics.device', 'numerics.provider', 'numerics.libtorch', 'numerics.instructions', 'numerics.threads', 'schema', 'date', 'commit', 'dirty', 'ci_run', 'harness', 'runtime', 'system', 'intervention_budget', 'kept'];

function factsPage() {
  return h('div', {}, h('h2', {}, 'Run facts'), SUBJECTS.map(subject => {
    const { missing, sections } = subject.run;
    if (missing) return h('section', {}, h('h3', {}, said(subject.name)), empty(`Unknown: ${missing}. What the figures ran on and what they cost cannot be said.`));
    return h('section', {}, h('h3', {}, said(subject.name)), h('div', { class: 'cards' }, [...sections].sort((a, b) => (b.name === 'origin') - (a.name === 'origin')).map(section => {
      const facts = section.rows.map(([name, text]) => [name.replace(/^facts \/ /, ''), text]);
      const first = FIRST.map(name => facts.find(each => each[0] === name)).filter(Boolean);
      const files = facts.filter(([name]) => name.startsWith('file.') && name.endsWith('.safetensors'));
      const seconds = facts.filter(([name]) => name.startsWith('seconds / ')).map(([name, text]) => [`time, ${name.slice(10)}`, `${Number(text).toFixed(1)} s`]);
      const key = facts.find(([name]) => name === 'key');
      // A hash is told by its first digits; all of them are among the folded facts.
      const value = text => (/[0-9a-f]{40}/.test(text) ? h('code', { title: text }, said(text.replace(/([0-9a-f]{12})[0-9a-f]{28,52}/, '$1…'))) : said(text));
      const pair = ([name, text]) => [h('dt', {}, said(name)), h('dd', {}, value(text))], whole = ([name, text]) => [h('dt', {}, said(name)), h('dd', {}, said(text))];
      return h('section', { class: 'card' }, h('h4', {}, words(section.name)), h('dl', { class: 'pairs small' }, section.costs.map(pair), seconds.map(pair), first.map(pair), files.map(([name, text]) => pair([name.replace('file.', 'SHA-256 of '), text])), key ? pair(['key of all of it', key[1]]) : null),
        facts.length > first.length && h('details', { class: 'noprint', open: section.costs.length === 0 && first.length === 0 }, h('summary', {}, `All ${facts.length} facts`), h('dl', { class: 'pairs small' }, facts.map(whole))));
    })));
  }), h('h3', {}, 'This page'), h('p', { class: 'small' }, `Images: ${count(DATA.pictures.uris.filter(Boolean).length)}, at most ${DATA.pictures.side} pixels a side. Attention maps: ${SUBJECTS.map(subject => subject.maps.steps)[0]} steps per cell.`));
}
